package dev.taxon.data;

import dev.taxon.UserError;

/**
 * Repeated augmentation: every example comes {@code repeats} times in a row, each time augmented otherwise and where
 * possible on another rank, and an epoch ends when about as many samples were taken as there are examples. Source: mmcls
 * 0.25, RepeatAugSampler; Hoffer et al., Augment your batch (2020).
 *
 * @param selectedRound the epoch's length is rounded down to a multiple of this before it is shared out; 0: not rounded
 * @param selectedRatio the part of the examples that a rank takes is 1 / this; 0: 1 / the number of ranks
 */
public record RepeatAugSampler(
        boolean shuffle, int repeats, int selectedRound, double selectedRatio, long seed, Rank rank)
        implements Sampler {
    public RepeatAugSampler {
        UserError.require(repeats > 0, "RepeatAugSampler.num_repeats must be positive, got %d", repeats);
        UserError.require(
                selectedRound >= 0, "RepeatAugSampler.selected_round must not be negative, got %d", selectedRound);
        UserError.require(
                selectedRatio >= 0, "RepeatAugSampler.selected_ratio must not be negative, got %s", selectedRatio);
    }

    @Override
    public int length(int size) {
        double ratio = selectedRatio == 0 ? rank.world() : selectedRatio;
        double selected = selectedRound == 0
                ? Math.ceil(size / ratio)
                : Math.floor((double) (size / selectedRound * selectedRound) / ratio);
        int length = (int) Math.min(selected, Math.ceilDiv((long) size * repeats, rank.world()));
        UserError.require(
                length > 0,
                "RepeatAugSampler leaves no sample of %d examples: selected_round=%d is more than there are;"
                        + " give a smaller one, or 0",
                size,
                selectedRound);
        return length;
    }

    @Override
    public void fill(int[] order, int size, int epoch) {
        int[] all = new int[size];
        Sampler.all(all, size, shuffle, seed, epoch);
        for (int i = 0; i < length(size); i++) {
            order[i] = all[(int) (place(i, size) / repeats)];
        }
    }

    @Override
    public int copy(int place, int size) {
        return (int) (place(place, size) % repeats);
    }

    /** Place in the order of all ranks, which begins again when some ranks would have one sample less. */
    private long place(int own, int size) {
        return (rank.number() + (long) own * rank.world()) % ((long) size * repeats);
    }
}
