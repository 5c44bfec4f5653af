package dev.taxon.data;

/** All examples in their order: for evaluation. */
public record SequentialSampler() implements Sampler {
    @Override
    public int length(int size) {
        return size;
    }

    @Override
    public void fill(int[] order, int size, int epoch) {
        Sampler.all(order, size, false, 0, epoch);
    }
}
