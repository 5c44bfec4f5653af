package dev.taxon.device.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the benchmarks of kernels compare is the same work. */
final class KernelBenchTest {
    /** Three in 10 million values whose ReLU's gradient rounding decides, each as large as the rest, are 6e-4. */
    private static final double TOLERANCE = 1e-3;

    @ParameterizedTest
    @EnumSource
    void oneDnnComputesTheSame(SharedKernel kernel) {
        Native.call(() -> (int) Native.SET_THREADS.invokeExact(2));
        try (KernelMemory memory = new KernelMemory();
                KernelCase both = kernel.in(memory)) {
            double difference = both.difference();
            assertTrue(difference <= TOLERANCE, () -> kernel + " differs by " + difference);
        }
    }

    @ParameterizedTest
    @EnumSource
    void runs(OwnKernel kernel) {
        Native.call(() -> (int) Native.SET_THREADS.invokeExact(2));
        try (KernelMemory memory = new KernelMemory();
                KernelCase own = kernel.in(memory)) {
            own.runOwn();
            own.runOwn();
        }
    }
}
