package dev.taxon.device.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taxon.random.Philox;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel draws a vector of Philox's blocks at a time: each element must get the word that its number says. */
final class DropoutTest {
    private static final long SEED = 0x1234_5678_9abc_def0L;
    private static final long STREAM = 0x0fed_cba9_8765_4321L;

    /** Counts around a vector of blocks, and one that two threads share at an element that begins no block. */
    @ParameterizedTest
    @CsvSource({"1, 0.5", "63, 0.1", "64, 0.1", "67, 0.9", "129, 0", "20003, 0.3"})
    void drawsEachElementsWord(int count, double p) {
        Native.call(() -> (int) Native.SET_THREADS.invokeExact(2));
        try (KernelMemory memory = new KernelMemory()) {
            long src = memory.positive(count);
            long dst = memory.zeros(count);
            Native.call(() -> (int) Native.DROPOUT.invokeExact(dst, src, (long) count, 1L, 1L, p, SEED, STREAM));
            float scale = (float) (1 / (1 - p));
            int[] word = new int[4];
            for (int i = 0; i < count; i++) {
                Philox.block(SEED, STREAM, i / 4, word);
                float expected = Philox.unit(word[i % 4]) >= p ? at(src, i) * scale : 0;
                assertEquals(expected, at(dst, i), "element " + i);
            }
        }
    }

    private static float at(long address, int i) {
        return MemorySegment.ofAddress(address)
                .reinterpret((i + 1L) * Float.BYTES)
                .getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
}
