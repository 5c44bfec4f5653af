package dev.taxon.data;

import dev.taxon.UserError;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Sample;
import dev.taxon.device.InputSpec;
import dev.taxon.device.InputSpec.Layout;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes images into a batch, in the layout that a program wants. For one thread at a time. */
public final class BatchWriter {
    private final InputSpec spec;
    private final float[] values; // one sample, in the batch's layout

    public BatchWriter(InputSpec spec) {
        this.spec = spec;
        this.values = new float[Math.toIntExact(spec.shape().numel())];
    }

    /**
     * Writes a sample as number {@code slot} of the batch.
     *
     * @param batch at least {@code slot + 1} samples
     * @throws UserError if the image has another shape than the program wants
     */
    public void write(Sample sample, MemorySegment batch, int slot) {
        Image image = sample.pixels();
        Shape shape = Shape.of(image.channels(), image.height(), image.width());
        UserError.require(
                spec.shape().rank() == 3 ? shape.equals(spec.shape()) : shape.numel() == values.length,
                "%s: the pipeline makes images of shape %s, but the model takes %s; add a Resize or a crop",
                sample.name(),
                shape,
                spec.shape());
        if (spec.layout() == Layout.NHWC || image.channels() == 1) {
            interleaved(image);
        } else {
            planar(image);
        }
        long at = (long) slot * values.length;
        MemorySegment.copy(values, 0, batch, ValueLayout.JAVA_FLOAT, at * Float.BYTES, values.length);
    }

    private void interleaved(Image image) {
        int channels = image.channels();
        switch (image) {
            case Image.Bytes b -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = b.pixels()[i] & 0xFF;
                }
            }
            case Image.Floats f -> System.arraycopy(f.pixels(), 0, values, 0, values.length);
            case Image.Mapped m -> {
                byte[] pixels = m.source().pixels();
                for (int c = 0; c < channels; c++) {
                    float[] table = m.tables()[c];
                    for (int i = c; i < values.length; i += channels) {
                        values[i] = table[pixels[i] & 0xFF];
                    }
                }
            }
        }
    }

    private void planar(Image image) {
        int channels = image.channels();
        int plane = values.length / channels;
        for (int c = 0; c < channels; c++) {
            int to = c * plane;
            switch (image) {
                case Image.Bytes b -> {
                    for (int i = 0; i < plane; i++) {
                        values[to + i] = b.pixels()[i * channels + c] & 0xFF;
                    }
                }
                case Image.Floats f -> {
                    for (int i = 0; i < plane; i++) {
                        values[to + i] = f.pixels()[i * channels + c];
                    }
                }
                case Image.Mapped m -> {
                    byte[] pixels = m.source().pixels();
                    float[] table = m.tables()[c];
                    for (int i = 0; i < plane; i++) {
                        values[to + i] = table[pixels[i * channels + c] & 0xFF];
                    }
                }
            }
        }
    }
}
