package dev.taxon.data;

/**
 * Every {@code rank.world()}-th example of an order that all ranks share. Source: mmcls 0.25, DistributedSampler.
 *
 * @param roundUp begin the order again at its end until all ranks have the same number of samples
 */
public record DistributedSampler(boolean shuffle, boolean roundUp, long seed, Rank rank) implements Sampler {
    @Override
    public int length(int size) {
        return Math.max(0, Math.ceilDiv(total(size) - rank.number(), rank.world()));
    }

    /** Samples of all ranks together. */
    private int total(int size) {
        return roundUp ? Math.ceilDiv(size, rank.world()) * rank.world() : size;
    }

    @Override
    public void fill(int[] order, int size, int epoch) {
        if (rank.world() == 1) {
            Sampler.all(order, size, shuffle, seed, epoch);
            return;
        }
        int[] all = new int[size];
        Sampler.all(all, size, shuffle, seed, epoch);
        for (int i = 0; i < length(size); i++) {
            order[i] = all[place(i) % size];
        }
    }

    @Override
    public int copy(int place, int size) {
        return place(place) / size;
    }

    /** Place in the order of all ranks. */
    private int place(int own) {
        return rank.number() + own * rank.world();
    }
}
