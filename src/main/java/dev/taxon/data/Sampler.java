package dev.taxon.data;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.random.Philox;
import dev.taxon.random.Philox.Purpose;
import dev.taxon.random.Rng;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which examples an epoch takes, in which order: a function of seed and epoch alone. */
public sealed interface Sampler permits SequentialSampler, RandomSampler, DistributedSampler, RepeatAugSampler {
    /** How many samples an epoch over {@code size} examples takes (on this rank). */
    int length(int size);

    /**
     * The examples of an epoch.
     *
     * @param order gets {@code length(size)} indices below {@code size}; a buffer that is used again
     */
    void fill(int[] order, int size, int epoch);

    /**
     * Which copy of its example the sample at a place of the order is: 0 for the first. Copies are augmented each in its
     * own way.
     */
    default int copy(int place, int size) {
        return 0;
    }

    /**
     * The config key {@code sampler}.
     *
     * @param f null: what mmcls uses without the key
     * @param shuffle whether the loader is to shuffle
     * @param seed of the run; a sampler that states its own has that
     */
    static Sampler read(@Nullable Fields f, boolean shuffle, long seed, Rank rank) {
        if (f == null) {
            if (rank.world() > 1) {
                return new DistributedSampler(shuffle, true, seed, rank);
            }
            return shuffle ? new RandomSampler(seed) : new SequentialSampler();
        }
        String type = f.text("type");
        long own = f.has("seed") ? f.integer("seed") : seed;
        f.ignore("shuffle"); // as in mmcls, the loader's setting wins
        Rank place = new Rank(f.integer("rank", rank.number()), f.integer("num_replicas", rank.world()));
        Sampler sampler = switch (type) {
            case "DistributedSampler" -> new DistributedSampler(shuffle, f.bool("round_up", true), own, place);
            case "RepeatAugSampler" ->
                new RepeatAugSampler(
                        shuffle,
                        f.integer("num_repeats", 3),
                        f.integer("selected_round", 256),
                        f.real("selected_ratio", 0),
                        own,
                        place);
            default ->
                throw f.error(
                        "type",
                        "names no sampler: '" + type + "'; "
                                + Nearest.suggestion(type, List.of("DistributedSampler", "RepeatAugSampler")));
        };
        f.done();
        return sampler;
    }

    /** All {@code size} indices at the start of {@code order}: 0, 1, 2, … or a random order of them. */
    static void all(int[] order, int size, boolean shuffle, long seed, int epoch) {
        if (shuffle) {
            new Rng(seed, Philox.stream(Purpose.SHUFFLE, 0, epoch)).permutation(order, size);
            return;
        }
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
    }

    /**
     * Place of a process among those that share an epoch.
     *
     * @param number in [0, world)
     */
    record Rank(int number, int world) {
        public static final Rank ONLY = new Rank(0, 1);

        public Rank {
            UserError.require(world > 0, "sampler.num_replicas must be positive, got %d", world);
            UserError.require(
                    number >= 0 && number < world,
                    "sampler.rank must be in [0, num_replicas=%d), got %d",
                    world,
                    number);
        }
    }
}
