package dev.taxon.device.cpu;

/** Element-wise functions, and movements of channels. Activations of 16 images of ResNet-50's second stage: (16, 28, 28, 512). */
final class ElementKernels {
    private static final long N = 16;
    private static final long PIXELS = 28 * 28;
    private static final long CHANNELS = 512;
    private static final long COUNT = N * PIXELS * CHANNELS;

    private ElementKernels() {}

    static KernelCase activationForward(KernelMemory m, int function, long peer) {
        long src = m.random(COUNT);
        long dst = m.zeros(COUNT);
        return new KernelCase(
                () -> (int) Native.ACTIVATION_FORWARD.invokeExact(dst, src, COUNT, function, 0L),
                new OneDnn("activation_forward", new long[] {COUNT, peer}, dst, src),
                KernelCase.results(dst, COUNT));
    }

    static KernelCase activationBackward(KernelMemory m, int function, long peer) {
        long kept = m.random(COUNT);
        long diffDst = m.random(COUNT);
        long diffSrc = m.zeros(COUNT);
        return new KernelCase(
                () -> (int) Native.ACTIVATION_BACKWARD.invokeExact(diffSrc, diffDst, kept, COUNT, function, 0L),
                new OneDnn("activation_backward", new long[] {COUNT, peer}, diffSrc, diffDst, kept),
                KernelCase.results(diffSrc, COUNT));
    }

    static KernelCase add(KernelMemory m) {
        long a = m.random(COUNT);
        long b = m.random(COUNT);
        long dst = m.zeros(COUNT);
        return new KernelCase(
                () -> (int) Native.ADD.invokeExact(dst, a, b, COUNT),
                new OneDnn("add", new long[] {COUNT}, dst, a, b),
                KernelCase.results(dst, COUNT));
    }

    static KernelCase channelScale(KernelMemory m) {
        long src = m.random(COUNT);
        long scale = m.positive(N * CHANNELS);
        long dst = m.zeros(COUNT);
        return new KernelCase(
                () -> (int) ChannelFunctions.CHANNEL_SCALE_FORWARD.invokeExact(dst, src, scale, N, PIXELS, CHANNELS),
                new OneDnn("channel_scale", new long[] {N, CHANNELS, PIXELS}, dst, src, scale),
                KernelCase.results(dst, COUNT));
    }

    static KernelCase channelShuffle(KernelMemory m) {
        long rows = N * PIXELS;
        long groups = 4;
        long src = m.random(COUNT);
        long dst = m.zeros(COUNT);
        return new KernelCase(
                () -> (int) ChannelFunctions.CHANNEL_SHUFFLE.invokeExact(dst, src, rows, CHANNELS, groups),
                new OneDnn("channel_shuffle", new long[] {rows, CHANNELS, groups}, dst, src),
                KernelCase.results(dst, COUNT));
    }

    /** The first half of the channels. */
    static KernelCase channelsCopy(KernelMemory m) {
        long rows = N * PIXELS;
        long half = CHANNELS / 2;
        long src = m.random(COUNT);
        long dst = m.zeros(rows * half);
        return new KernelCase(
                () -> (int) ChannelFunctions.CHANNELS_COPY.invokeExact(dst, src, rows, half, half, CHANNELS),
                new OneDnn("channels_copy", new long[] {rows, half, half, CHANNELS}, dst, src),
                KernelCase.results(dst, rows * half));
    }

    /** To NCHW. */
    static KernelCase transpose(KernelMemory m) {
        long src = m.random(COUNT);
        long dst = m.zeros(COUNT);
        return new KernelCase(
                () -> (int) Native.TRANSPOSE.invokeExact(dst, src, N, PIXELS, CHANNELS),
                new OneDnn("transpose", new long[] {N, PIXELS, CHANNELS}, dst, src),
                KernelCase.results(dst, COUNT));
    }

    /** The gradient of a linear layer's bias, of ViT-B/16. */
    static KernelCase columnSum(KernelMemory m) {
        long rows = 16 * 197;
        long columns = 3072;
        long src = m.positive(rows * columns);
        long dst = m.zeros(columns);
        return new KernelCase(
                () -> (int) Native.COLUMN_SUM.invokeExact(dst, src, 0, rows, columns),
                new OneDnn("column_sum", new long[] {rows, columns}, dst, src),
                KernelCase.results(dst, columns));
    }
}
