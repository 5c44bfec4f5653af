package dev.taxon.device.cpu;

/** Batch norm with a ReLU behind it, of ResNet-50's first stage; layer norm of ViT-B/16. Both of 16 images. */
final class NormKernels {
    private static final double EPS = 1e-5;
    private static final long[] NCHW = {16, 256, 56, 56};
    private static final long CHANNELS = NCHW[1];
    private static final long ROWS = NCHW[0] * NCHW[2] * NCHW[3];
    private static final long[] TOKENS = {16 * 197, 768};

    private NormKernels() {}

    /** What both passes read and keep. */
    private record Norm(
            long rows,
            long channels,
            long src,
            long dst,
            long weight,
            long bias,
            long mean,
            long invStd,
            long scratch) {
        static Norm of(KernelMemory m, long rows, long channels, long scratchBytes) {
            return new Norm(
                    rows,
                    channels,
                    m.random(rows * channels),
                    m.zeros(rows * channels),
                    m.positive(channels),
                    m.random(channels),
                    m.zeros(channels),
                    m.zeros(channels),
                    m.bytes(scratchBytes));
        }
    }

    private static Norm batchNorm(KernelMemory m) {
        return Norm.of(
                m, ROWS, CHANNELS, Native.value(() -> (long) Native.BATCH_NORM_SCRATCH_BYTES.invokeExact(CHANNELS)));
    }

    private static Native.Call<Integer> batchNormCall(KernelMemory m, Norm n) {
        long runningMean = m.zeros(CHANNELS);
        long runningVar = m.positive(CHANNELS);
        return () -> (int) Native.BATCH_NORM_FORWARD.invokeExact(
                n.dst,
                n.mean,
                n.invStd,
                runningMean,
                runningVar,
                n.src,
                0L,
                n.weight,
                n.bias,
                n.scratch,
                n.rows,
                n.channels,
                EPS,
                0.1,
                Native.RELU);
    }

    static KernelCase batchNormForward(KernelMemory m) {
        Norm n = batchNorm(m);
        return new KernelCase(
                batchNormCall(m, n),
                new OneDnn("batch_norm_forward", NCHW, n.dst, n.src, n.weight, n.bias),
                KernelCase.results(n.dst, n.rows * n.channels));
    }

    static KernelCase batchNormBackward(KernelMemory m) {
        Norm n = batchNorm(m);
        Native.call(batchNormCall(m, n));
        long diffDst = m.random(n.rows * n.channels);
        long diffSrc = m.zeros(n.rows * n.channels);
        long diffWeight = m.zeros(n.channels);
        long diffBias = m.zeros(n.channels);
        return new KernelCase(
                () -> (int) Native.BATCH_NORM_BACKWARD.invokeExact(
                        diffSrc,
                        0L,
                        diffWeight,
                        diffBias,
                        diffDst,
                        0L,
                        n.src,
                        n.dst,
                        n.weight,
                        n.bias,
                        n.mean,
                        n.invStd,
                        n.scratch,
                        0,
                        n.rows,
                        n.channels,
                        Native.RELU),
                new OneDnn(
                        "batch_norm_backward", NCHW, diffSrc, diffWeight, diffBias, diffDst, n.src, n.weight, n.bias),
                KernelCase.results(diffSrc, n.rows * n.channels, diffWeight, n.channels, diffBias, n.channels));
    }

    private static Norm layerNorm(KernelMemory m) {
        long channels = TOKENS[1];
        long scratch = Native.value(() -> (long) TokenFunctions.LAYER_NORM_SCRATCH_BYTES.invokeExact(channels));
        Norm n = Norm.of(m, TOKENS[0], channels, scratch);
        // statistics of each row, not of each channel
        return new Norm(n.rows, channels, n.src, n.dst, n.weight, n.bias, m.zeros(n.rows), m.zeros(n.rows), n.scratch);
    }

    private static Native.Call<Integer> layerNormCall(Norm n) {
        return () -> (int) TokenFunctions.LAYER_NORM_FORWARD.invokeExact(
                n.dst, n.mean, n.invStd, n.src, n.weight, n.bias, n.rows, n.channels, EPS);
    }

    static KernelCase layerNormForward(KernelMemory m) {
        Norm n = layerNorm(m);
        return new KernelCase(
                layerNormCall(n),
                new OneDnn("layer_norm_forward", TOKENS, n.dst, n.src, n.weight, n.bias),
                KernelCase.results(n.dst, n.rows * n.channels));
    }

    static KernelCase layerNormBackward(KernelMemory m) {
        Norm n = layerNorm(m);
        Native.call(layerNormCall(n));
        long diffDst = m.random(n.rows * n.channels);
        long diffSrc = m.zeros(n.rows * n.channels);
        long diffWeight = m.zeros(n.channels);
        long diffBias = m.zeros(n.channels);
        return new KernelCase(
                () -> (int) TokenFunctions.LAYER_NORM_BACKWARD.invokeExact(
                        diffSrc,
                        diffWeight,
                        diffBias,
                        diffDst,
                        n.src,
                        n.weight,
                        n.mean,
                        n.invStd,
                        n.scratch,
                        0,
                        n.rows,
                        n.channels),
                new OneDnn(
                        "layer_norm_backward", TOKENS, diffSrc, diffWeight, diffBias, diffDst, n.src, n.weight, n.bias),
                KernelCase.results(diffSrc, n.rows * n.channels, diffWeight, n.channels, diffBias, n.channels));
    }
}
