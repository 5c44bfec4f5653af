package dev.taxon.random;

/** Successive numbers of one Philox stream, for code that draws a handful: augmentation, shuffling, initialization. */
public final class Rng {
    private long seed;
    private long stream;
    private final int[] block = new int[4];
    private long next;

    public Rng(long seed, long stream) {
        this.seed = seed;
        this.stream = stream;
    }

    /**
     * Begins another stream, as a new generator would, for code that uses one generator again and again.
     *
     * @param copy of those who share the stream, each gets other numbers: 2^32 words for each
     */
    public void restart(long newSeed, long newStream, int copy) {
        seed = newSeed;
        stream = newStream;
        next = (long) copy << 32;
    }

    public int nextInt() {
        int lane = (int) (next & 3);
        if (lane == 0) {
            Philox.block(seed, stream, next >>> 2, block);
        }
        next++;
        return block[lane];
    }

    public long nextLong() {
        return ((long) nextInt() << 32) | (nextInt() & 0xFFFFFFFFL);
    }

    /** Uniform in [0, 1), 53 bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /** Uniform in [low, high). */
    public double uniform(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    /** Uniform in [0, bound), without bias. */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound must be positive, got " + bound);
        }
        long limit = (1L << 32) / bound * bound;
        long draw;
        do {
            draw = nextInt() & 0xFFFFFFFFL;
        } while (draw >= limit);
        return (int) (draw % bound);
    }

    /** Standard normal, by Box and Muller's transform (the cosine half). */
    public double nextGaussian() {
        double radius = Math.sqrt(-2 * Math.log(1 - nextDouble()));
        return radius * Math.cos(2 * Math.PI * nextDouble());
    }

    /** A random order of 0 … n − 1 (Fisher and Yates). */
    public int[] permutation(int n) {
        int[] order = new int[n];
        permutation(order, n);
        return order;
    }

    /** A random order of 0 … n − 1 into the first places of {@code order}. */
    public void permutation(int[] order, int n) {
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }
}
