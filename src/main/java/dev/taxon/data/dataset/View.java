package dev.taxon.data.dataset;

import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import java.util.List;

/** Some examples of another data set, in an order of its own; an example may come more than once. */
final class View implements Dataset {
    private final String name;
    private final Dataset dataset;
    private final int[] indices;
    private final Labels labels;

    /** Takes the data set over: it is closed with this one. */
    View(String type, Dataset dataset, int[] indices) {
        this.name = type + " of " + dataset.name();
        this.dataset = dataset;
        this.indices = indices.clone();
        this.labels = dataset.labels().select(indices);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> classes() {
        return dataset.classes();
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public Sample sample(int index) {
        return dataset.sample(indices[index]);
    }

    @Override
    public Sample sample(int index, Rng rng) {
        return dataset.sample(indices[index], rng);
    }

    @Override
    public List<Dataset> stored() {
        return dataset.stored();
    }

    @Override
    public boolean offer(int index, Recipient to) {
        return dataset.offer(indices[index], to);
    }

    @Override
    public void close() {
        dataset.close();
    }
}
