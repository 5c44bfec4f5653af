package dev.taxon.data.transform;

import dev.taxon.random.Rng;

/**
 * ImageToTensor, ToTensor or Collect: they shape Python's dict of results, and a batch of ours has that shape already,
 * so they only keep their place in the list.
 */
public record Format(String type) implements Transform {
    @Override
    public Sample apply(Sample sample, Rng rng) {
        return sample;
    }
}
