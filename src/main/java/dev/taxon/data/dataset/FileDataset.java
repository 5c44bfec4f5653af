package dev.taxon.data.dataset;

import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.random.Rng;
import java.nio.file.Path;
import java.util.List;

/** A data set whose images stay in their files: each is read when its sample is prepared, by the thread that asks. */
public final class FileDataset implements Dataset {
    private final String name;
    private final List<String> classes;
    private final Path prefix;
    private final String folder;
    private final FileList list;
    private final Labels labels;
    private final Pipeline pipeline;

    FileDataset(String name, List<String> classes, Path prefix, FileList list, Pipeline pipeline) {
        this.name = name;
        this.classes = List.copyOf(classes);
        this.prefix = prefix;
        this.folder = prefix.toString();
        this.list = list;
        this.labels = new Labels.SingleLabel(list.labels());
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

    /** One example before its pipeline: its file, not read yet. */
    @Override
    public Sample sample(int index) {
        return Sample.of(prefix.resolve(list.files().get(index)), label(index));
    }

    @Override
    public Sample sample(int index, Rng rng) {
        return pipeline.apply(sample(index), rng);
    }

    @Override
    public boolean offer(int index, Recipient to) {
        return to.file(pipeline, folder, list.files().get(index));
    }
}
