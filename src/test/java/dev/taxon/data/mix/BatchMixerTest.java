package dev.taxon.data.mix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taxon.data.Npz;
import dev.taxon.data.mix.Plan.Box;
import dev.taxon.device.InputSpec;
import dev.taxon.device.InputSpec.Layout;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches mixed at a fixed λ, order and box against PyTorch. Recipe: scripts/golden/mix.py. */
class BatchMixerTest {
    private static final Npz GOLDEN = Npz.read("/golden/mix/mix.npz");
    private static final int N = 4;
    private static final int C = 3;
    private static final int H = 11;
    private static final int W = 13;
    private static final int[] ORDER = {2, 0, 3, 1};

    static Stream<String> batches() {
        return GOLDEN.images().keySet().stream().filter(n -> !n.startsWith("targets") && !n.equals("boxes"));
    }

    private static Plan plan(String name) {
        String[] words = name.split("_");
        if (words[0].equals("blend")) {
            return new Plan.Blend(Double.parseDouble(words[1]));
        }
        int[] n = Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
        @Nullable
        Resampling way = words[0].equals("cut") ? null : Resampling.valueOf(words[0].toUpperCase(Locale.ROOT));
        return new Plan.Paste(0.5, new Box(n[0], n[1], n[2], n[3]), way);
    }

    @ParameterizedTest
    @MethodSource("batches")
    void batchesAreMixedAsInMmcls(String name) {
        float[] expected = GOLDEN.get(name).toFloats().pixels(); // (N, C, H, W)
        for (Layout layout : Layout.values()) {
            float[] data = new float[N * C * H * W];
            for (int i = 0; i < data.length; i++) {
                data[place(i, layout)] = (float) Math.cos(0.37 * i);
            }
            MemorySegment segment = MemorySegment.ofArray(data);
            new BatchMixer(new InputSpec(N, Shape.of(C, H, W), layout)).apply(plan(name), ORDER, segment);
            float[] actual = new float[data.length];
            for (int i = 0; i < data.length; i++) {
                actual[i] = data[place(i, layout)];
            }
            boolean exact = name.startsWith("blend") || name.startsWith("cut") || name.startsWith("nearest");
            assertArrayEquals(expected, actual, exact ? 1e-7f : 1e-6f); // 1e-7: cos of Java and of NumPy
        }
    }

    /** Where value {@code i} of (N, C, H, W) stands. */
    private static int place(int i, Layout layout) {
        int x = i % W;
        int y = i / W % H;
        int c = i / (W * H) % C;
        int n = i / (W * H * C);
        return layout == Layout.NCHW ? i : ((n * H + y) * W + x) * C + c;
    }

    @Test
    void boxesAreMmclss() {
        float[] rows = GOLDEN.get("boxes").toFloats().pixels(); // (cases, 10)
        var rule = new BoxRule(List.of(), true);
        for (int i = 0; i < rows.length; i += 10) {
            double part = Math.sqrt(1 - rows[i]);
            int h = (int) rows[i + 3];
            int w = (int) rows[i + 4];
            Box box = BoxRule.around((int) rows[i + 1], (int) rows[i + 2], (int) (h * part), (int) (w * part), h, w);
            var expected = new Box((int) rows[i + 5], (int) rows[i + 6], (int) rows[i + 7], (int) rows[i + 8]);
            assertEquals(expected, box);
            assertEquals(rows[i + 9], rule.lambda(rows[i], box, h, w), 1e-7);
            assertEquals(rows[i], new BoxRule(List.of(), false).lambda(rows[i], box, h, w));
        }
    }
}
