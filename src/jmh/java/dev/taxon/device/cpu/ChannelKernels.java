package dev.taxon.device.cpu;

/** What oneDNN has no kernel for, on activations of 16 images of ResNet-50's second stage: (16, 28, 28, 512). */
final class ChannelKernels {
    private static final long N = 16;
    private static final long PIXELS = 28 * 28;
    private static final long CHANNELS = 512;
    private static final long ROWS = N * PIXELS;
    private static final long COUNT = ROWS * CHANNELS;
    private static final long HALF = CHANNELS / 2;
    private static final long RADIX = 2;
    private static final long CLASSES = 20;

    private ChannelKernels() {}

    static KernelCase channelScaleBackward(KernelMemory m) {
        long diffSrc = m.zeros(COUNT);
        long diffScale = m.zeros(N * CHANNELS);
        long diffDst = m.random(COUNT);
        long src = m.random(COUNT);
        long scale = m.positive(N * CHANNELS);
        return KernelCase.of(() -> (int) ChannelFunctions.CHANNEL_SCALE_BACKWARD.invokeExact(
                diffSrc, diffScale, diffDst, src, scale, N, PIXELS, CHANNELS));
    }

    static KernelCase channelsAdd(KernelMemory m) {
        long dst = m.zeros(ROWS * HALF);
        long a = m.random(COUNT);
        long b = m.random(ROWS * HALF);
        return KernelCase.of(
                () -> (int) ChannelFunctions.CHANNELS_ADD.invokeExact(dst, a, b, ROWS, HALF, HALF, CHANNELS, HALF));
    }

    static KernelCase channelsZero(KernelMemory m) {
        long dst = m.zeros(COUNT);
        return KernelCase.of(() -> (int) ChannelFunctions.CHANNELS_ZERO.invokeExact(dst, ROWS, HALF, CHANNELS));
    }

    static KernelCase channelsInterleave(KernelMemory m) {
        long dst = m.zeros(COUNT);
        long a = m.random(ROWS * HALF);
        long b = m.random(ROWS * HALF);
        return KernelCase.of(
                () -> (int) ChannelFunctions.CHANNELS_INTERLEAVE.invokeExact(dst, a, b, ROWS, HALF, HALF, HALF));
    }

    static KernelCase channelsSeparate(KernelMemory m) {
        long a = m.zeros(ROWS * HALF);
        long b = m.zeros(ROWS * HALF);
        long src = m.random(COUNT);
        return KernelCase.of(
                () -> (int) ChannelFunctions.CHANNELS_SEPARATE.invokeExact(a, b, src, ROWS, HALF, HALF, CHANNELS));
    }

    static KernelCase radixPoolForward(KernelMemory m) {
        long dst = m.zeros(N * HALF);
        long src = m.random(COUNT);
        return KernelCase.of(
                () -> (int) ChannelFunctions.RADIX_POOL_FORWARD.invokeExact(dst, src, N, PIXELS, RADIX, HALF));
    }

    static KernelCase radixPoolBackward(KernelMemory m) {
        long diffSrc = m.zeros(COUNT);
        long diffDst = m.random(N * HALF);
        return KernelCase.of(
                () -> (int) ChannelFunctions.RADIX_POOL_BACKWARD.invokeExact(diffSrc, diffDst, N, PIXELS, RADIX, HALF));
    }

    static KernelCase radixSoftmaxForward(KernelMemory m) {
        long dst = m.zeros(N * CHANNELS);
        long src = m.random(N * CHANNELS);
        return KernelCase.of(
                () -> (int) ChannelFunctions.RADIX_SOFTMAX_FORWARD.invokeExact(dst, src, N, RADIX, 1L, HALF));
    }

    static KernelCase radixSoftmaxBackward(KernelMemory m) {
        long diffSrc = m.zeros(N * CHANNELS);
        long diffDst = m.random(N * CHANNELS);
        long dst = m.positive(N * CHANNELS);
        return KernelCase.of(() ->
                (int) ChannelFunctions.RADIX_SOFTMAX_BACKWARD.invokeExact(diffSrc, diffDst, dst, N, RADIX, 1L, HALF));
    }

    static KernelCase radixSumForward(KernelMemory m) {
        long dst = m.zeros(ROWS * HALF);
        long src = m.random(COUNT);
        long attention = m.positive(N * CHANNELS);
        return KernelCase.of(() ->
                (int) ChannelFunctions.RADIX_SUM_FORWARD.invokeExact(dst, src, attention, N, PIXELS, RADIX, HALF));
    }

    static KernelCase radixSumBackward(KernelMemory m) {
        long diffSrc = m.zeros(COUNT);
        long diffAttention = m.zeros(N * CHANNELS);
        long diffDst = m.random(ROWS * HALF);
        long src = m.random(COUNT);
        long attention = m.positive(N * CHANNELS);
        return KernelCase.of(() -> (int) ChannelFunctions.RADIX_SUM_BACKWARD.invokeExact(
                diffSrc, diffAttention, diffDst, src, attention, N, PIXELS, RADIX, HALF));
    }

    static KernelCase generalizedMeanForward(KernelMemory m) {
        GeneralizedMean g = GeneralizedMean.of(m);
        return KernelCase.of(g::forward);
    }

    static KernelCase generalizedMeanBackward(KernelMemory m) {
        GeneralizedMean g = GeneralizedMean.of(m);
        Native.call(g::forward);
        long diffSrc = m.zeros(COUNT);
        long diffP = m.zeros(1);
        long diffDst = m.random(N * CHANNELS);
        long parts = m.doubles(N * CHANNELS);
        return KernelCase.of(() -> (int) ChannelFunctions.GENERALIZED_MEAN_BACKWARD.invokeExact(
                diffSrc,
                diffP,
                diffDst,
                g.dst,
                g.mean,
                g.src,
                g.p,
                parts,
                0,
                N,
                PIXELS,
                CHANNELS,
                GeneralizedMean.EPS,
                1));
    }

    private record GeneralizedMean(long dst, long mean, long src, long p) {
        static final double EPS = 1e-6;

        static GeneralizedMean of(KernelMemory m) {
            return new GeneralizedMean(m.zeros(N * CHANNELS), m.zeros(N * CHANNELS), m.positive(COUNT), m.positive(1));
        }

        int forward() throws Throwable {
            return (int) ChannelFunctions.GENERALIZED_MEAN_FORWARD.invokeExact(
                    dst, mean, src, p, N, PIXELS, CHANNELS, EPS, 1);
        }
    }

    static KernelCase residualAttentionForward(KernelMemory m) {
        long dst = m.zeros(N * CLASSES);
        long scores = m.random(ROWS * CLASSES);
        long norms = m.zeros(CLASSES);
        long weights = m.random(CLASSES * CHANNELS);
        return KernelCase.of(() -> (int) ChannelFunctions.RESIDUAL_ATTENTION_FORWARD.invokeExact(
                dst, scores, norms, weights, N, PIXELS, CLASSES, CHANNELS, 1.0, 0.1));
    }

    static KernelCase residualAttentionBackward(KernelMemory m) {
        long diffScores = m.zeros(ROWS * CLASSES);
        long dots = m.doubles(CLASSES);
        long diffDst = m.random(N * CLASSES);
        long scores = m.random(ROWS * CLASSES);
        long norms = m.positive(CLASSES);
        return KernelCase.of(() -> (int) ChannelFunctions.RESIDUAL_ATTENTION_BACKWARD.invokeExact(
                diffScores, dots, diffDst, scores, norms, N, PIXELS, CLASSES, 1.0, 0.1));
    }

    /** In place, as an inference or a step does it. */
    static KernelCase dropout(KernelMemory m) {
        long values = m.random(COUNT);
        return KernelCase.of(() -> (int) Native.DROPOUT.invokeExact(values, values, N, CHANNELS, PIXELS, 0.5, 1L, 2L));
    }

    /** Of ResNet-50's widest convolution. */
    static KernelCase batchNormFold(KernelMemory m) {
        long out = 2048;
        long perOut = 512;
        long folded = m.zeros(out * perOut);
        long foldedBias = m.zeros(out);
        long weights = m.random(out * perOut);
        long weight = m.positive(out);
        long bias = m.random(out);
        long mean = m.random(out);
        long var = m.positive(out);
        return KernelCase.of(() -> (int) Native.BATCH_NORM_FOLD.invokeExact(
                folded, foldedBias, weights, 0L, weight, bias, mean, var, out, perOut, 1e-5));
    }

    static KernelCase syncBatchNormSums(KernelMemory m) {
        long sums = m.doubles(2 * CHANNELS);
        long src = m.random(COUNT);
        long scratch = m.bytes(Native.value(() -> (long) Native.BATCH_NORM_SCRATCH_BYTES.invokeExact(CHANNELS)));
        return KernelCase.of(() -> (int) Native.SYNC_BATCH_NORM_SUMS.invokeExact(sums, src, scratch, ROWS, CHANNELS));
    }

    /** CIFAR's ResNet, from 16 channels at 32x32 to 32 at 16x16, a batch of 128. */
    static KernelCase shortcutForward(KernelMemory m) {
        Shortcut s = Shortcut.of(m);
        return KernelCase.of(() -> (int) Native.SHORTCUT_A_FORWARD.invokeExact(s.dst, s.src, s.sizes));
    }

    static KernelCase shortcutBackward(KernelMemory m) {
        Shortcut s = Shortcut.of(m);
        return KernelCase.of(() -> (int) Native.SHORTCUT_A_BACKWARD.invokeExact(s.src, s.dst, s.sizes));
    }

    private record Shortcut(long dst, long src, long sizes) {
        static Shortcut of(KernelMemory m) {
            return new Shortcut(
                    m.random(128 * 16 * 16 * 32),
                    m.random(128 * 32 * 32 * 16),
                    m.longs(128, 16, 32, 32, 32, 16, 16, 1, 1, 2, 2, 0, 0, 1, 1, 1));
        }
    }
}
