package dev.taxon.device;

import dev.taxon.graph.StateEntry;
import java.util.regex.Pattern;

/** The formulas of golden weights and batches. */
enum GoldenFormulas implements GoldenRun.Formula {
    /** Of src/test/resources/golden/mmcls/README.md. */
    SINE {
        @Override
        public double weight(StateEntry entry, int j, long i) {
            double v = Math.sin(0.7 * i + j);
            String name = entry.name();
            if (name.endsWith("running_var")) {
                return 1 + 0.5 * v;
            }
            if (isNormWeight(entry)) {
                return 1 + 0.2 * v;
            }
            return entry.shape().rank() >= 2 ? v * Math.sqrt(2.0 / fanIn(entry)) : 0.1 * v;
        }

        @Override
        public double input(int step, int i) {
            return Math.cos(0.013 * i);
        }

        @Override
        public int label(int step, int sample) {
            return 1 + 2 * sample;
        }
    },

    /** Of scripts/golden/training.py, run resnet18_cifar_20_steps. */
    HASH {
        @Override
        public double weight(StateEntry entry, int j, long i) {
            if (entry.shape().rank() >= 2) {
                return (2 * unit(i + 100_000_000L * j) - 1) * Math.sqrt(6.0 / fanIn(entry));
            }
            if (isNorm(entry)) {
                return entry.name().endsWith("weight") ? 0.5 : i % 2 == 0 ? 1.5 : -1.5;
            }
            return entry.name().endsWith("running_var") ? 1 : 0;
        }

        @Override
        public double input(int step, int i) {
            int sample = i / (3 * 32 * 32);
            int channel = i / (32 * 32) % 3;
            double u = unit(i + 16L * 3 * 32 * 32 * step + (1L << 31));
            return 2 * u - 1 + Math.cos(label(step, sample) * (channel + 1.0)) / 2;
        }

        @Override
        public int label(int step, int sample) {
            return (7 * sample + step) % 10;
        }
    };

    private static final Pattern NORM =
            Pattern.compile("bn|\\.ln|norm|downsample\\.[12]|stem\\.1\\.|transitions\\.\\d+\\.0\\.");

    private static boolean isNormWeight(StateEntry entry) {
        return isNorm(entry) && entry.name().endsWith("weight");
    }

    /** Weight or bias of a batch or layer norm. */
    private static boolean isNorm(StateEntry entry) {
        String name = entry.name();
        return entry.shape().rank() == 1
                && (name.endsWith("weight") || name.endsWith("bias"))
                && NORM.matcher(name).find();
    }

    private static long fanIn(StateEntry entry) {
        return entry.shape().numel() / entry.shape().dim(0);
    }

    /** The upper 24 bits of a mix of the low 32 bits of {@code i}, as a number in [0, 1). */
    private static double unit(long i) {
        int h = (int) i;
        h = (h ^ (h >>> 16)) * 0x7FEB352D;
        h = (h ^ (h >>> 16)) * 0x846CA68B;
        h ^= h >>> 16;
        return (h >>> 8) * 0x1p-24;
    }
}
