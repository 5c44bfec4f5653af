package dev.taxon.data.transform;

import dev.taxon.random.Rng;
import java.util.List;

/** Transforms in the order of the config. */
public record Pipeline(List<Transform> transforms) implements Transform {
    public static final Pipeline EMPTY = new Pipeline(List.of());

    public Pipeline {
        transforms = List.copyOf(transforms);
    }

    @Override
    public boolean random() {
        return transforms.stream().anyMatch(Transform::random);
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Sample current = sample;
        for (Transform transform : transforms) {
            current = transform.apply(current, rng);
        }
        return current;
    }

    /**
     * The transforms before the first random one: what they make of a sample is the same in every epoch. Normalization
     * counts as random, since it costs nothing on the way into a batch.
     */
    public Pipeline fixedPart() {
        return new Pipeline(transforms.subList(0, firstRandom()));
    }

    /** The transforms from the first random one on. */
    public Pipeline randomPart() {
        return new Pipeline(transforms.subList(firstRandom(), transforms.size()));
    }

    private int firstRandom() {
        int i = 0;
        while (i < transforms.size() && !transforms.get(i).random() && !(transforms.get(i) instanceof Normalize)) {
            i++;
        }
        return i;
    }
}
