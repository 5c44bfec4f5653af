package dev.taxon.data.dataset;

import dev.taxon.data.source.FolderImages;
import dev.taxon.data.source.Images;
import dev.taxon.data.source.Tree;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import java.util.List;

/** A data set whose images stay where they are: each is read when its sample is prepared, by the thread that asks. */
public final class FileDataset implements Dataset {
    private final String name;
    private final List<String> classes;
    private final Tree tree;
    private final Images images;
    private final Labels labels;
    private final Pipeline pipeline;
    private final List<String> folders;
    private final List<String> annotations;

    /**
     * A data set of listed images. Takes the tree over: it is closed with the data set.
     *
     * @param labels one for each of {@code images}
     */
    FileDataset(String name, List<String> classes, Tree tree, Images images, Labels labels, Pipeline pipeline) {
        this(name, classes, tree, images, labels, pipeline, List.of(), List.of());
    }

    /**
     * One whose labels lie in files of the tree.
     *
     * @param annotations their names
     */
    static FileDataset annotated(
            String name,
            List<String> classes,
            Tree tree,
            Images images,
            Labels labels,
            Pipeline pipeline,
            List<String> annotations) {
        return new FileDataset(name, classes, tree, images, labels, pipeline, List.of(), annotations);
    }

    /** A data set whose classes are folders. */
    static FileDataset ofFolders(String name, List<String> classes, Tree tree, Tree.ByFolder found, Pipeline pipeline) {
        return new FileDataset(
                name,
                classes,
                tree,
                found.images(),
                new Labels.SingleLabel(found.labels()),
                pipeline,
                found.folders(),
                List.of());
    }

    private FileDataset(
            String name,
            List<String> classes,
            Tree tree,
            Images images,
            Labels labels,
            Pipeline pipeline,
            List<String> folders,
            List<String> annotations) {
        if (images.size() != labels.size()) {
            throw new IllegalArgumentException(images.size() + " images, " + labels.size() + " labels");
        }
        this.name = name;
        this.classes = List.copyOf(classes);
        this.tree = tree;
        this.images = images;
        this.labels = labels;
        this.pipeline = pipeline;
        this.folders = folders;
        this.annotations = List.copyOf(annotations);
    }

    /** The folders that are its classes, empty ones too; none where a list says what its images are. */
    public List<String> folders() {
        return folders;
    }

    /** The files below {@code data_prefix}, besides images, that it is read from. */
    public List<String> annotations() {
        return annotations;
    }

    /** All bytes of one of {@link #annotations}. */
    public byte[] annotation(String file) {
        return tree.read(file);
    }

    /** Where its images lie: the folder, or the archive and the folder in it. */
    public String root() {
        return tree.name();
    }

    /** The name of an example's image below {@code data_prefix}, with {@code /}. */
    public String nameBelow(int index) {
        return images.get(index).name().substring(tree.name().length()).replaceFirst("^/", "");
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
