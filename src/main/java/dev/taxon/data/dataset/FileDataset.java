package dev.taxon.data.dataset;

import dev.taxon.data.source.FolderImages;
import dev.taxon.data.source.Images;
import dev.taxon.data.source.Tree;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import java.util.List;

/** A data set whose images stay where they are: each is read when its sample is prepared, by the thread that asks. */
final class FileDataset implements Dataset {
    private final String name;
    private final List<String> classes;
    private final Tree tree;
    private final Images images;
    private final Labels labels;
    private final Pipeline pipeline;

    /**
     * Takes the tree over: it is closed with the data set.
     *
     * @param labels one for each of {@code images}
     */
    FileDataset(String name, List<String> classes, Tree tree, Images images, Labels labels, Pipeline pipeline) {
        if (images.size() != labels.size()) {
            throw new IllegalArgumentException(images.size() + " images, " + labels.size() + " labels");
        }
        this.name = name;
        this.classes = List.copyOf(classes);
        this.tree = tree;
        this.images = images;
        this.labels = labels;
        this.pipeline = pipeline;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public Labels labels() {
        return labels;
    }

    /** One example before its pipeline: its source, not read yet. */
    @Override
    public Sample sample(int index) {
        return Sample.of(images.get(index), label(index));
    }

    @Override
    public Sample sample(int index, Rng rng) {
        return pipeline.apply(sample(index), rng);
    }

    @Override
    public boolean offer(int index, Recipient to) {
        return images instanceof FolderImages files
                ? to.file(pipeline, files.folder(), files.names(), index)
                : to.source(pipeline, images.get(index));
    }

    @Override
    public void close() {
        tree.close();
    }
}
