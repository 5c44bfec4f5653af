package dev.taxon.data.transform;

import dev.taxon.random.Rng;

/**
 * ImageToTensor, ToTensor, Collect, …: they shape Python's dict of results, and a batch of ours has that shape already,
 * so what is left of them is what they do to values.
 */
public record Format(String type, Values values) implements Transform {
    /** What becomes of the pixels. */
    public enum Values {
        KEPT,
        FLOAT32,
        /** Rounded to float16, kept as float32. */
        HALF
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        return switch (values) {
            case KEPT -> sample;
            case FLOAT32 -> sample.with(sample.pixels().toFloats());
            case HALF -> sample.with(halved(sample.pixels()));
        };
    }

    private static Image halved(Image image) {
        float[] pixels = image.toFloats().pixels().clone();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Float.float16ToFloat(Float.floatToFloat16(pixels[i]));
        }
        return new Image.Floats(image.height(), image.width(), image.order(), pixels);
    }
}
