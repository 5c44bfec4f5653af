package dev.taxon.data.dataset;

import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import java.util.List;

/** Labelled examples, numbered from 0, and the pipeline that prepares them. Thread-safe. */
public interface Dataset {
    /** The config's {@code type}: {@code MNIST}, {@code CIFAR10}, … */
    String name();

    /** Class names by index. */
    List<String> classes();

    int size();

    /** Class index of one example. */
    int label(int index);

    /** One example as it is stored. */
    Sample sample(int index);

    /**
     * One example as the pipeline makes it.
     *
     * @param rng the only source of chance
     */
    Sample sample(int index, Rng rng);
}
