package dev.taxon.data.transform;

import dev.taxon.random.Rng;

/** Makes one channel of three, by OpenCV's weights; a grey image stays. */
public record ToGrey() implements Transform {
    @Override
    public Sample apply(Sample sample, Rng rng) {
        return sample.with(
                switch (sample.pixels()) {
                    case Image.Bytes b -> b.in(ChannelOrder.GREY);
                    case Image.Floats f -> grey(f);
                    case Image.Mapped m -> grey(m.toFloats());
                });
    }

    private static Image grey(Image.Floats image) {
        if (image.order() == ChannelOrder.GREY) {
            return image;
        }
        int red = image.order() == ChannelOrder.RGB ? 0 : 2;
        float[] from = image.pixels();
        float[] out = new float[from.length / 3];
        for (int i = 0; i < out.length; i++) {
            out[i] = 0.299f * from[3 * i + red] + 0.587f * from[3 * i + 1] + 0.114f * from[3 * i + 2 - red];
        }
        return new Image.Floats(image.height(), image.width(), ChannelOrder.GREY, out);
    }
}
