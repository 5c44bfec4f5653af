package dev.taxon.device.cpu;

/** Self-attention of ViT-B/16, 4 images. */
final class AttentionKernels {
    private static final long N = 4;
    private static final long TOKENS = 197;
    private static final long HEADS = 12;
    private static final long HEAD = 64;
    private static final long FLOATS = N * TOKENS * HEADS * HEAD;
    private static final long[] SIZES = {N, TOKENS, HEADS, HEAD};

    private AttentionKernels() {}

    static KernelCase forward(KernelMemory m) {
        long src = m.random(3 * FLOATS);
        long dst = m.zeros(FLOATS);
        long scratch = scratch(m);
        return new KernelCase(
                call(dst, 0, src, scratch),
                new OneDnn("attention_forward", SIZES, dst, src),
                KernelCase.results(dst, FLOATS));
    }

    static KernelCase backward(KernelMemory m) {
        long src = m.random(3 * FLOATS);
        long dst = m.zeros(FLOATS);
        long probabilities = m.zeros(N * HEADS * TOKENS * TOKENS);
        long scratch = scratch(m);
        Native.call(call(dst, probabilities, src, scratch));
        long diffDst = m.random(FLOATS);
        long diffSrc = m.zeros(3 * FLOATS);
        return new KernelCase(
                () -> (int) TokenFunctions.ATTENTION_BACKWARD.invokeExact(
                        diffSrc, diffDst, src, probabilities, scratch, N, TOKENS, HEADS, HEAD, 0.0, 0L, 0L),
                new OneDnn("attention_backward", SIZES, diffSrc, diffDst, src, probabilities),
                KernelCase.results(diffSrc, 3 * FLOATS));
    }

    private static Native.Call<Integer> call(long dst, long probabilities, long src, long scratch) {
        return () -> (int) TokenFunctions.ATTENTION_FORWARD.invokeExact(
                dst, probabilities, src, scratch, N, TOKENS, HEADS, HEAD, 0.0, 0L, 0L);
    }

    private static long scratch(KernelMemory m) {
        return m.bytes(Native.value(() -> (long) TokenFunctions.ATTENTION_SCRATCH_BYTES.invokeExact(TOKENS)));
    }
}
