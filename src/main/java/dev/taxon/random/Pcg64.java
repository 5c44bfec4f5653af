package dev.taxon.random;

/**
 * NumPy's default generator, as far as K-fold splits need it: {@code numpy.random.default_rng(seed).shuffle(list)} gives
 * the same order. Sources: O'Neill, PCG (2014), XSL RR 128/64; NumPy's SeedSequence.
 */
public final class Pcg64 {
    private static final int POOL = 4;
    private static final int INIT_A = 0x43b0d7e5;
    private static final int MULTIPLY_A = 0x931e8875;
    private static final int INIT_B = 0x8b51f9dd;
    private static final int MULTIPLY_B = 0x58f38ded;
    private static final int MIX_LEFT = 0xca01f9dd;
    private static final int MIX_RIGHT = 0x4973f715;
    private static final int HALF = 16; // bits

    private static final long MULTIPLIER_HIGH = 0x2360ED051FC65DA4L;
    private static final long MULTIPLIER_LOW = 0x4385DF649FCCF645L;

    private final long incrementHigh;
    private final long incrementLow;
    private long high; // of the 128-bit state
    private long low;
    private int spare; // upper half of the last word, for the next 32 bits
    private boolean hasSpare;

    /** @param seed not negative */
    public Pcg64(long seed) {
        if (seed < 0) {
            throw new IllegalArgumentException("a seed of NumPy is not negative, got " + seed);
        }
        int[] words = seedWords(seed, 8);
        long sequenceHigh = word(words, 4);
        long sequenceLow = word(words, 6);
        incrementHigh = (sequenceHigh << 1) | (sequenceLow >>> 63);
        incrementLow = (sequenceLow << 1) | 1;
        step();
        add(word(words, 0), word(words, 2));
        step();
    }

    /** 64 random bits. */
    public long nextLong() {
        step();
        return Long.rotateRight(high ^ low, (int) (high >>> 58));
    }

    /** 32 random bits: the lower half of a word, then the upper half of the same. */
    public int nextInt() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        long word = nextLong();
        spare = (int) (word >>> 32);
        hasSpare = true;
        return (int) word;
    }

    /** Brings values into a random order, in place. */
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int mask = -1 >>> Integer.numberOfLeadingZeros(i);
            int j = nextInt() & mask;
            while (j > i) {
                j = nextInt() & mask;
            }
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }

    private void step() {
        long newHigh = Math.unsignedMultiplyHigh(low, MULTIPLIER_LOW) + high * MULTIPLIER_LOW + low * MULTIPLIER_HIGH;
        low *= MULTIPLIER_LOW;
        high = newHigh;
        add(incrementHigh, incrementLow);
    }

    private void add(long moreHigh, long moreLow) {
        low += moreLow;
        high += moreHigh + (Long.compareUnsigned(low, moreLow) < 0 ? 1 : 0);
    }

    private static long word(int[] words, int at) {
        return (words[at] & 0xFFFFFFFFL) | ((long) words[at + 1] << 32);
    }

    /** The first words of SeedSequence(seed).generate_state. */
    private static int[] seedWords(long seed, int count) {
        int[] entropy = {(int) seed, (int) (seed >>> 32)}; // a word that is 0 counts as no word: the same numbers
        int[] pool = new int[POOL];
        int constant = INIT_A;
        for (int i = 0; i < POOL; i++) {
            pool[i] = hash(i < entropy.length ? entropy[i] : 0, constant);
            constant *= MULTIPLY_A;
        }
        for (int from = 0; from < POOL; from++) {
            for (int to = 0; to < POOL; to++) {
                if (from != to) {
                    pool[to] = mix(pool[to], hash(pool[from], constant));
                    constant *= MULTIPLY_A;
                }
            }
        }
        int[] words = new int[count];
        constant = INIT_B;
        for (int i = 0; i < count; i++) {
            int value = pool[i % POOL] ^ constant;
            constant *= MULTIPLY_B;
            value *= constant;
            words[i] = value ^ (value >>> HALF);
        }
        return words;
    }

    /** SeedSequence's hash; its constant moves on by {@code MULTIPLY_A} with each call. */
    private static int hash(int value, int constant) {
        int hashed = (value ^ constant) * (constant * MULTIPLY_A);
        return hashed ^ (hashed >>> HALF);
    }

    private static int mix(int x, int y) {
        int mixed = MIX_LEFT * x - MIX_RIGHT * y;
        return mixed ^ (mixed >>> HALF);
    }
}
