package dev.taxon.device;

import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;

/** Random arrays, and the distance between two. */
final class Data {
    private Data() {}

    static float[] normal(Rng rng, long count) {
        return normal(rng, count, 0, 1);
    }

    static float[] normal(Rng rng, long count, double center, double scale) {
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (center + scale * rng.nextGaussian());
        }
        return values;
    }

    static MemorySegment segment(Rng rng, Shape shape, double center, double scale) {
        return MemorySegment.ofArray(normal(rng, shape.numel(), center, scale));
    }

    /** Uniform in [0.5, 1.5), for variances. */
    static MemorySegment positive(Rng rng, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rng.uniform(0.5, 1.5);
        }
        return MemorySegment.ofArray(values);
    }

    /** Whole numbers from 0 to 50. */
    static MemorySegment counts(Rng rng, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = rng.nextInt(51);
        }
        return MemorySegment.ofArray(values);
    }

    static int[] labels(Rng rng, int count, int classes) {
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = rng.nextInt(classes);
        }
        return labels;
    }

    /** A batch in NCHW order, laid out as the program wants it. */
    static MemorySegment input(InputSpec spec, float[] nchw) {
        if (spec.layout() == InputSpec.Layout.NCHW || spec.shape().rank() != 3) {
            return MemorySegment.ofArray(nchw);
        }
        int channels = spec.shape().size(0);
        int plane = spec.shape().size(1) * spec.shape().size(2);
        float[] nhwc = new float[nchw.length];
        for (int i = 0; i < nchw.length; i++) {
            int pixel = i % plane;
            int c = i / plane % channels;
            int n = i / plane / channels;
            nhwc[(n * plane + pixel) * channels + c] = nchw[i];
        }
        return MemorySegment.ofArray(nhwc);
    }

    static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    /** ‖a − b‖ / ‖b‖; 0 for two zero arrays; NaN when either holds one. */
    static double distance(double[] a, double[] b) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < b.length; i++) {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            norm += b[i] * b[i];
        }
        return difference == 0 ? 0 : Math.sqrt(difference / norm);
    }
}
