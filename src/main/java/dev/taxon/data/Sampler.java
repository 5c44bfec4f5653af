package dev.taxon.data;

import dev.taxon.random.Philox;
import dev.taxon.random.Philox.Purpose;
import dev.taxon.random.Rng;

/**
 * The order of the examples in an epoch.
 *
 * @param shuffle a new random order each epoch, a function of seed and epoch alone; else 0, 1, 2, …
 * @param dropLast leave out a last batch that is short
 * @param seed the run's seed
 */
public record Sampler(boolean shuffle, boolean dropLast, long seed) {
    /** In order, to the last example: for evaluation. */
    public static final Sampler SEQUENTIAL = new Sampler(false, false, 0);

    /** Indices of all {@code size} examples in the order of that epoch. */
    public int[] order(int size, int epoch) {
        if (shuffle) {
            return new Rng(seed, Philox.stream(Purpose.SHUFFLE, 0, epoch)).permutation(size);
        }
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        return order;
    }

    /** Number of batches of an epoch. */
    public int batches(int size, int batch) {
        return dropLast ? size / batch : Math.ceilDiv(size, batch);
    }
}
