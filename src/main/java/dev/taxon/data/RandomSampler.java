package dev.taxon.data;

/** All examples, in a new random order each epoch. */
public record RandomSampler(long seed) implements Sampler {
    @Override
    public int length(int size) {
        return size;
    }

    @Override
    public void fill(int[] order, int size, int epoch) {
        Sampler.all(order, size, true, seed, epoch);
    }
}
