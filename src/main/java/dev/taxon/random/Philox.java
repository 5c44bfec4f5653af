package dev.taxon.random;

/**
 * Philox4x32-10, a counter-based generator: the same key and counter give the same numbers on every device and thread.
 * Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
 *
 * <p>The key is the run's seed (low word first); the counter is (index low, index high, stream low, stream high).
 */
public final class Philox {
    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private Philox() {}

    /** What numbers are drawn for; part of the stream, so that no two uses share numbers. */
    public enum Purpose {
        INIT(0),
        SHUFFLE(1),
        AUGMENT(2),
        DROPOUT(3),
        MIX(4);

        private final int code; // part of what a seed means: never changes

        Purpose(int code) {
            this.code = code;
        }
    }

    /**
     * A stream number: purpose (8 bits), {@code major} (24 bits: parameter, epoch or node), {@code minor} (32 bits:
     * sample or step).
     */
    public static long stream(Purpose purpose, int major, long minor) {
        return ((long) purpose.code << 56) | ((major & 0xFFFFFFL) << 32) | (minor & 0xFFFFFFFFL);
    }

    /** Writes the four 32-bit words of block {@code index} of a stream to {@code out[0..3]}. */
    public static void block(long seed, long stream, long index, int[] out) {
        int c0 = (int) index;
        int c1 = (int) (index >>> 32);
        int c2 = (int) stream;
        int c3 = (int) (stream >>> 32);
        int k0 = (int) seed;
        int k1 = (int) (seed >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = Integer.toUnsignedLong(M0) * Integer.toUnsignedLong(c0);
            long p1 = Integer.toUnsignedLong(M1) * Integer.toUnsignedLong(c2);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        out[0] = c0;
        out[1] = c1;
        out[2] = c2;
        out[3] = c3;
    }

    /** A 32-bit word as a float in [0, 1), from its upper 24 bits. Dropout keeps element i when this, of word i % 4 of block i / 4, is ≥ p. */
    public static float unit(int word) {
        return (word >>> 8) * 0x1p-24f;
    }
}
