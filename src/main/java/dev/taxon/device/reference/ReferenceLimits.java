package dev.taxon.device.reference;

import dev.taxon.device.Roofline;
import dev.taxon.device.Roofline.Bandwidth;
import java.util.ArrayList;
import java.util.List;

/** Measures what plain Java loops over doubles reach on one thread. */
final class ReferenceLimits {
    private static final int TRIES = 20; // the first ones are compiled meanwhile; the best counts
    private static final double TRY_SECONDS = 0.005;
    private static final int BLOCK = 1 << 10; // doubles; stays in the first cache
    private static final int CHAIN = 8; // multiply-adds of an element before it is stored
    private static final int ARRAYS = 3; // of dst = a + b
    private static final int[] SIZES = {256 << 10, 4 << 20, 64 << 20}; // bytes

    private ReferenceLimits() {}

    static Roofline measure() {
        double[] x = new double[BLOCK];
        double flops = best(2L * CHAIN * BLOCK, () -> multiplyAdds(x));
        List<Bandwidth> bandwidths = new ArrayList<>();
        for (int size : SIZES) {
            double[] dst = new double[size / ARRAYS / Double.BYTES];
            double[] a = new double[dst.length];
            double[] b = new double[dst.length];
            bandwidths.add(new Bandwidth(size, best((long) ARRAYS * Double.BYTES * dst.length, () -> sum(dst, a, b))));
        }
        return new Roofline(flops, bandwidths, Double.BYTES);
    }

    private static void multiplyAdds(double[] x) {
        for (int i = 0; i < x.length; i++) {
            double v = x[i];
            v = v * 0.5 + 0.25;
            v = v * 0.5 + 0.25;
            v = v * 0.5 + 0.25;
            v = v * 0.5 + 0.25;
            v = v * 0.5 + 0.25;
            v = v * 0.5 + 0.25;
            v = v * 0.5 + 0.25;
            v = v * 0.5 + 0.25;
            x[i] = v;
        }
    }

    private static void sum(double[] dst, double[] a, double[] b) {
        for (int i = 0; i < dst.length; i++) {
            dst[i] = a[i] + b[i];
        }
    }

    /** Units a second of work that does {@code units} each time. */
    private static double best(long units, Runnable work) {
        double best = 0;
        for (int tries = 0; tries < TRIES; tries++) {
            long start = System.nanoTime();
            long times = 0;
            double seconds;
            do {
                work.run();
                times++;
                seconds = (System.nanoTime() - start) / 1e9;
            } while (seconds < TRY_SECONDS);
            best = Math.max(best, units * times / seconds);
        }
        return best;
    }
}
