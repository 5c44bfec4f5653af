package dev.taxon.device.cpu;

/** Max-pooling of ResNet's stem, average pooling of ResNetV1d's shortcut, global average pooling of ResNet-50; 16 images. */
final class PoolKernels {
    private static final Window MAX = new Window(64, 112, 3, 2, 1);
    private static final Window AVERAGE = new Window(256, 56, 2, 2, 0);
    private static final Window GLOBAL = new Window(2048, 7, 7, 1, 0);

    private PoolKernels() {}

    /** A square window over square images. */
    private record Window(long channels, long in, long k, long stride, long pad) {
        static final long N = 16;

        long out() {
            return (in + 2 * pad - k) / stride + 1;
        }

        long inFloats() {
            return N * in * in * channels;
        }

        long outFloats() {
            return N * out() * out() * channels;
        }

        /** As in taxon.h. */
        long sizes(KernelMemory m) {
            return m.longs(N, channels, in, in, channels, out(), out(), k, k, stride, stride, pad, pad, 1, 1, channels);
        }

        long[] peerSizes() {
            return new long[] {N, channels, in, in, out(), out(), k, stride, pad};
        }
    }

    static KernelCase maxForward(KernelMemory m) {
        long sizes = MAX.sizes(m);
        long src = m.random(MAX.inFloats());
        long dst = m.zeros(MAX.outFloats());
        long index = index(m, sizes);
        return new KernelCase(
                () -> (int) Native.MAX_POOL2D_FORWARD.invokeExact(dst, index, src, sizes),
                new OneDnn("max_pool_forward", MAX.peerSizes(), dst, src),
                KernelCase.results(dst, MAX.outFloats()));
    }

    static KernelCase maxBackward(KernelMemory m) {
        long sizes = MAX.sizes(m);
        long src = m.random(MAX.inFloats());
        long dst = m.zeros(MAX.outFloats());
        long index = index(m, sizes);
        Native.call(() -> (int) Native.MAX_POOL2D_FORWARD.invokeExact(dst, index, src, sizes));
        long diffDst = m.random(MAX.outFloats());
        long diffSrc = m.zeros(MAX.inFloats());
        return new KernelCase(
                () -> (int) Native.MAX_POOL2D_BACKWARD.invokeExact(diffSrc, diffDst, index, sizes),
                new OneDnn("max_pool_backward", MAX.peerSizes(), diffSrc, diffDst, src),
                KernelCase.results(diffSrc, MAX.inFloats()));
    }

    private static long index(KernelMemory m, long sizes) {
        return m.bytes(Native.value(() -> (long) Native.MAX_POOL2D_INDEX_BYTES.invokeExact(sizes)));
    }

    static KernelCase averageForward(KernelMemory m) {
        long sizes = AVERAGE.sizes(m);
        long src = m.random(AVERAGE.inFloats());
        long dst = m.zeros(AVERAGE.outFloats());
        return new KernelCase(
                () -> (int) Native.AVG_POOL2D_FORWARD.invokeExact(dst, src, 1, sizes),
                new OneDnn("avg_pool_forward", AVERAGE.peerSizes(), dst, src),
                KernelCase.results(dst, AVERAGE.outFloats()));
    }

    static KernelCase averageBackward(KernelMemory m) {
        long sizes = AVERAGE.sizes(m);
        long diffDst = m.random(AVERAGE.outFloats());
        long diffSrc = m.zeros(AVERAGE.inFloats());
        return new KernelCase(
                () -> (int) Native.AVG_POOL2D_BACKWARD.invokeExact(diffSrc, diffDst, 1, sizes),
                new OneDnn("avg_pool_backward", AVERAGE.peerSizes(), diffSrc, diffDst),
                KernelCase.results(diffSrc, AVERAGE.inFloats()));
    }

    static KernelCase globalForward(KernelMemory m) {
        long src = m.random(GLOBAL.inFloats());
        long dst = m.zeros(GLOBAL.outFloats());
        return new KernelCase(
                () -> (int) Native.GLOBAL_AVG_POOL_FORWARD.invokeExact(
                        dst, src, Window.N, GLOBAL.in * GLOBAL.in, GLOBAL.channels),
                new OneDnn("avg_pool_forward", GLOBAL.peerSizes(), dst, src),
                KernelCase.results(dst, GLOBAL.outFloats()));
    }

    static KernelCase globalBackward(KernelMemory m) {
        long diffDst = m.random(GLOBAL.outFloats());
        long diffSrc = m.zeros(GLOBAL.inFloats());
        return new KernelCase(
                () -> (int) Native.GLOBAL_AVG_POOL_BACKWARD.invokeExact(
                        diffSrc, diffDst, Window.N, GLOBAL.in * GLOBAL.in, GLOBAL.channels),
                new OneDnn("avg_pool_backward", GLOBAL.peerSizes(), diffSrc, diffDst),
                KernelCase.results(diffSrc, GLOBAL.inFloats()));
    }
}
