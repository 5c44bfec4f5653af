package dev.taxon.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.random.Rng;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums in rank order and half formats, against the plain arithmetic, at odd lengths. */
class KernelsTest {
    private static MemorySegment floats(Arena arena, float... values) {
        return arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    }

    private static float[] random(int count, long seed) {
        Rng rng = new Rng(seed, 0);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (rng.nextInt(2_000_001) - 1_000_000) * 1e-4f;
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1021, 2049})
    void meanIsTheSumInRankOrder(int count) {
        int ranks = 3;
        float[] rows = random(ranks * count, 5);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mean = arena.allocate(ValueLayout.JAVA_FLOAT, count);
            Kernels.meanOfRows(mean, floats(arena, rows), ranks, count, Compression.NONE);
            for (int i = 0; i < count; i++) {
                float expected = (rows[i] + rows[count + i] + rows[2 * count + i]) * (1f / ranks);
                assertEquals(expected, mean.getAtIndex(ValueLayout.JAVA_FLOAT, i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1021})
    void fp16IsRoundedAsJavaDoes(int count) {
        float[] values = random(count, 6);
        values[0] = 1e6f; // to infinity
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment halves = arena.allocate(ValueLayout.JAVA_SHORT, count);
            MemorySegment back = arena.allocate(ValueLayout.JAVA_FLOAT, count);
            Kernels.toHalf(halves, floats(arena, values), count, Compression.FP16.format());
            Kernels.fromHalf(back, halves, count, Compression.FP16.format());
            for (int i = 0; i < count; i++) {
                short expected = Float.floatToFloat16(values[i]);
                assertEquals(expected, halves.getAtIndex(ValueLayout.JAVA_SHORT, i));
                assertEquals(Float.float16ToFloat(expected), back.getAtIndex(ValueLayout.JAVA_FLOAT, i));
            }
        }
    }

    @Test
    void bf16IsRoundedToTheNearestTiesToEven() {
        float tie = Float.intBitsToFloat(0x3f808000); // between 0x3f80 and 0x3f81
        float tieAbove = Float.intBitsToFloat(0x3f818000); // between 0x3f81 and 0x3f82
        float above = Float.intBitsToFloat(0x3f808001);
        float[] values = {1, tie, tieAbove, above, -above, Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE};
        int[] expected = {0x3f80, 0x3f80, 0x3f82, 0x3f81, 0xbf81, 0x7fc0, 0x7f80, 0x7f80};
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment halves = arena.allocate(ValueLayout.JAVA_SHORT, values.length);
            Kernels.toHalf(halves, floats(arena, values), values.length, Compression.BF16.format());
            for (int i = 0; i < values.length; i++) {
                assertEquals(expected[i], halves.getAtIndex(ValueLayout.JAVA_SHORT, i) & 0xffff);
            }
        }
    }

    /** Halves are summed in float32 and rounded once: 1024 ranks of 1/1024 of something are that something. */
    @Test
    void halvesAreSummedInFloat32() {
        int ranks = 1024;
        try (Arena arena = Arena.ofConfined()) {
            float[] values = new float[ranks];
            java.util.Arrays.fill(values, 3.25f);
            MemorySegment halves = arena.allocate(ValueLayout.JAVA_SHORT, ranks);
            Kernels.toHalf(halves, floats(arena, values), ranks, Compression.BF16.format());
            MemorySegment mean = arena.allocate(ValueLayout.JAVA_SHORT);
            Kernels.meanOfRows(mean, halves, ranks, 1, Compression.BF16);
            MemorySegment back = arena.allocate(ValueLayout.JAVA_FLOAT);
            Kernels.fromHalf(back, mean, 1, Compression.BF16.format());
            assertEquals(3.25f, back.get(ValueLayout.JAVA_FLOAT, 0));
        }
    }

    /** Parts cover everything once, and begin at whole cache lines. */
    @Test
    void partsCoverABucket() {
        for (int size : new int[] {1, 2, 3, 512}) {
            for (long count : new long[] {1, 16, 1000, 1 << 20}) {
                long part = MpiLibrary.part(count, size);
                assertTrue(part * size >= count && part % 16 == 0, size + " ranks, " + count);
            }
        }
    }
}
