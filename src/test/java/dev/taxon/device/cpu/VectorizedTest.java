package dev.taxon.device.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loops over activations stay vectorized: one element at a time they took 6 to 20 times as long as a sum of two tensors. */
final class VectorizedTest {
    private static final int RUNS = 7;
    /** Times of a sum; measured: 0.5 to 1.7 with AVX-512. */
    private static final double MOST = 5;

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.MATCH_ANY,
            names = {"RELU_BACKWARD", "(TANH|SIGMOID|SWISH|GELU)_(FOR|BACK)WARD"})
    void isAboutAsFastAsASum(SharedKernel kernel) {
        Native.call(() -> (int) Native.SET_THREADS.invokeExact(2));
        try (KernelMemory memory = new KernelMemory();
                KernelCase function = kernel.in(memory);
                KernelCase sum = SharedKernel.ADD.in(memory)) {
            function.runOwn();
            sum.runOwn();
            double[] of = new double[RUNS];
            double[] ofSum = new double[RUNS];
            for (int i = 0; i < RUNS; i++) {
                of[i] = time(function);
                ofSum[i] = time(sum);
            }
            double times = median(of) / median(ofSum);
            assertTrue(times <= MOST, () -> kernel + " takes " + times + " times as long as a sum");
        }
    }

    private static double time(KernelCase kernel) {
        long begin = System.nanoTime();
        kernel.runOwn();
        return System.nanoTime() - begin;
    }

    private static double median(double[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }
}
