package dev.taxon.device.cpu;

/** Tokens of ViT-B/16 at 384x384, 16 images, whose position embedding was learned at 224x224. */
final class TokenKernels {
    private static final long N = 16;
    private static final long CHANNELS = 768;
    private static final long TO = 24 * 24;
    private static final long FROM = 14 * 14;
    private static final long SIZE = (1 + TO) * CHANNELS;

    private TokenKernels() {}

    /** The class token out of them. */
    static KernelCase sliceForward(KernelMemory m) {
        long dst = m.zeros(N * CHANNELS);
        long src = m.random(N * SIZE);
        return KernelCase.of(() -> (int) TokenFunctions.SLICE_FORWARD.invokeExact(dst, src, N, SIZE, 0L, CHANNELS));
    }

    static KernelCase sliceBackward(KernelMemory m) {
        long diffSrc = m.zeros(N * SIZE);
        long diffDst = m.random(N * CHANNELS);
        return KernelCase.of(
                () -> (int) TokenFunctions.SLICE_BACKWARD.invokeExact(diffSrc, diffDst, N, SIZE, 0L, CHANNELS));
    }

    static KernelCase classTokenForward(KernelMemory m) {
        long dst = m.zeros(N * SIZE);
        long src = m.random(N * TO * CHANNELS);
        long token = m.random(CHANNELS);
        return KernelCase.of(() ->
                (int) TokenFunctions.CLASS_TOKEN_FORWARD.invokeExact(dst, src, token, N, TO * CHANNELS, CHANNELS));
    }

    static KernelCase classTokenBackward(KernelMemory m) {
        long diffSrc = m.zeros(N * TO * CHANNELS);
        long diffToken = m.zeros(CHANNELS);
        long diffDst = m.random(N * SIZE);
        return KernelCase.of(() -> (int) TokenFunctions.CLASS_TOKEN_BACKWARD.invokeExact(
                diffSrc, diffToken, diffDst, 0, N, TO * CHANNELS, CHANNELS));
    }

    static KernelCase positionForward(KernelMemory m) {
        long dst = m.zeros(N * SIZE);
        long src = m.random(N * SIZE);
        long positions = m.random((1 + FROM) * CHANNELS);
        long matrix = m.random(TO * FROM);
        long resized = m.zeros(TO * CHANNELS);
        return KernelCase.of(() -> (int) TokenFunctions.POSITION_EMBEDDING_FORWARD.invokeExact(
                dst, src, positions, matrix, resized, N, 1L, TO, FROM, CHANNELS));
    }

    static KernelCase positionBackward(KernelMemory m) {
        long diffPositions = m.zeros((1 + FROM) * CHANNELS);
        long diffDst = m.random(N * SIZE);
        long matrix = m.random(TO * FROM);
        long sum = m.zeros(SIZE);
        return KernelCase.of(() -> (int) TokenFunctions.POSITION_EMBEDDING_BACKWARD.invokeExact(
                diffPositions, diffDst, matrix, sum, 0, N, 1L, TO, FROM, CHANNELS));
    }

    static KernelCase dropPath(KernelMemory m) {
        long values = m.random(N * SIZE);
        return KernelCase.of(() -> (int) TokenFunctions.DROP_PATH.invokeExact(values, values, N, SIZE, 0.0, 1L, 2L));
    }
}
