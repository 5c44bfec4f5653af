package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import java.util.List;

/**
 * (x − mean) · (1 / std) for each channel, after exchanging red and blue if {@code swap}. As mmcv computes it through
 * OpenCV, bit for bit: mean and std are float32; the difference is float32, the product is taken in float64 with
 * 1 / std and rounded to float32. A uint8 image becomes a table look-up.
 */
public final class Normalize implements Transform {
    private final float[] mean;
    private final double[] scale;
    private final boolean swap;
    private final float[][] tables; // (C, 256)

    /**
     * One value a channel, in the order after the exchange.
     *
     * @param swap the {@code to_rgb} of mmcls; a grey image stays as it is
     */
    public Normalize(List<Double> mean, List<Double> std, boolean swap) {
        UserError.require(
                mean.size() == std.size() && !mean.isEmpty(),
                "Normalize.mean and Normalize.std must have one value a channel, got %d and %d",
                mean.size(),
                std.size());
        this.mean = new float[mean.size()];
        this.scale = new double[mean.size()];
        this.swap = swap;
        this.tables = new float[mean.size()][256];
        for (int c = 0; c < this.mean.length; c++) {
            float s = std.get(c).floatValue();
            UserError.require(s > 0, "Normalize.std must be positive, got %s", s);
            this.mean[c] = mean.get(c).floatValue();
            this.scale[c] = 1 / (double) s;
            for (int v = 0; v < 256; v++) {
                tables[c][v] = value(v, c);
            }
        }
    }

    /** Channels that it takes. */
    public int channels() {
        return mean.length;
    }

    /** What is taken off the values of a channel. */
    public float mean(int channel) {
        return mean[channel];
    }

    /** What the difference is multiplied by. */
    public double scale(int channel) {
        return scale[channel];
    }

    /** Whether red and blue are exchanged first. */
    public boolean swap() {
        return swap;
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Image image = swap ? sample.pixels().swapRedBlue() : sample.pixels();
        UserError.require(
                image.channels() == mean.length,
                "%s: Normalize has %d means, but the image has %d channels",
                sample.name(),
                mean.length,
                image.channels());
        return sample.with(
                image instanceof Image.Bytes bytes ? new Image.Mapped(bytes, tables) : normalized(image.toFloats()));
    }

    private Image normalized(Image.Floats image) {
        float[] values = image.pixels().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = value(values[i], i % mean.length);
        }
        return new Image.Floats(image.height(), image.width(), image.order(), values);
    }

    private float value(float x, int channel) {
        return (float) ((double) (x - mean[channel]) * scale[channel]);
    }
}
