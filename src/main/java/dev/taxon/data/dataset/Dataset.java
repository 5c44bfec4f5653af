package dev.taxon.data.dataset;

import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import java.util.List;

/**
 * Labelled examples, numbered from 0, and the pipeline that prepares them. Thread-safe. Closing gives back what it maps
 * or holds open; no example may be asked for afterwards.
 */
public interface Dataset extends AutoCloseable {
    /** The config's {@code type}: {@code MNIST}, {@code CIFAR10}, … */
    String name();

    /** Class names by index. */
    List<String> classes();

    /** What it says of each example. */
    Labels labels();

    default int size() {
        return labels().size();
    }

    /** Class index of one example; {@link Sample#NO_LABEL} in a data set with any number of labels a sample. */
    default int label(int index) {
        return labels().classIndex(index);
    }

    /** One example as it is stored. */
    Sample sample(int index);

    /**
     * One example as the pipeline makes it.
     *
     * @param rng the only source of chance
     */
    Sample sample(int index, Rng rng);

    /** The data sets whose metrics are told apart, in order; this one alone, but for a ConcatDataset. */
    default List<Dataset> evaluatedApart() {
        return List.of(this);
    }

    /** The data sets that this one shows examples of, in order: wrappers are looked through. */
    default List<Dataset> stored() {
        return List.of(this);
    }

    /**
     * Offers an example as it is stored, so that no object need be made for it.
     *
     * @return whether {@code to} took it; if not, {@link #sample(int, Rng)} is the way
     */
    default boolean offer(int index, Recipient to) {
        return false;
    }

    @Override
    default void close() {}
}
