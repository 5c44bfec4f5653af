package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.data.DataLoader;
import dev.taxon.data.DistributedSampler;
import dev.taxon.data.Sampler;
import dev.taxon.data.SequentialSampler;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Datasets;
import dev.taxon.data.dataset.Labels;
import dev.taxon.data.fetch.Fetcher;
import dev.taxon.data.mix.BatchAugments;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import dev.taxon.device.InputSpec;
import dev.taxon.device.Options;
import dev.taxon.dist.Communicator;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.model.ImageClassifier;
import dev.taxon.random.Rng;
import dev.taxon.report.Progress;
import dev.taxon.tensor.Shape;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The data sets of a run, checked against its model. */
public final class InputData {
    private static final int MOST_UNREADABLE = 100; // images in a row: something else is wrong

    private InputData() {}

    /**
     * Opens a data set, fetching it when it is absent.
     *
     * @param fields {@code data.train}, {@code data.val} or {@code data.test}
     * @param test which split an entry without {@code test_mode} means
     */
    public static Dataset open(@Nullable Fields fields, boolean test) {
        if (fields == null) {
            throw UserError.of("the config has no data.%s; add one", test ? "test (or data.val)" : "train");
        }
        return Datasets.build(fields, Path.of(""), new Fetcher(Progress.console()), test);
    }

    /** The same on all ranks, the first of them before the others, so that one fetches and makes indices, and the others find them. */
    public static Dataset open(@Nullable Fields fields, boolean test, Communicator ranks) {
        if (ranks.isFirst()) {
            Dataset dataset = open(fields, test);
            ranks.barrier();
            return dataset;
        }
        ranks.barrier();
        return open(fields, test);
    }

    /**
     * (C, H, W) that the pipeline makes of the first example; the model is built for it. An image that cannot be decoded
     * is left for the loader to complain of.
     */
    public static Shape shape(Dataset dataset) {
        for (int i = 0; ; i++) {
            try {
                Image image = dataset.sample(i, new Rng(0, 0)).pixels();
                return Shape.of(image.channels(), image.height(), image.width());
            } catch (ImageError e) {
                if (i + 1 == Math.min(dataset.size(), MOST_UNREADABLE)) {
                    throw e;
                }
            }
        }
    }

    /** A loader for the evaluation of a session's network: in order, batches as the program of {@code options} takes; of several
     * processes each has every so-manieth example. */
    public static DataLoader loader(Session session, Options options, Dataset dataset, LoaderSpec loader) {
        Sampler sampler = session.communicator().size() == 1
                ? new SequentialSampler()
                : new DistributedSampler(false, false, 0, session.rank()); // each example once
        return new DataLoader(
                dataset,
                sampler,
                spec(session, options, dataset),
                loader.evaluationLoading().on(session.device()));
    }

    /** A loader of training batches, mixed as {@code augments} says; a graph that takes soft targets gets them. */
    public static DataLoader trainLoader(
            Session session, Options options, Dataset dataset, LoaderSpec loader, long seed, BatchAugments augments) {
        Node target = session.graph().target();
        BatchAugments done = augments;
        if (!augments.soft() && target != null && target.layer() instanceof Layer.Target t && t.soft()) {
            done = BatchAugments.oneHot(t.classes());
        }
        return new DataLoader(
                dataset,
                loader.sampler(seed, session.rank()),
                spec(session, options, dataset),
                loader.loading(seed).on(session.device()),
                done);
    }

    private static InputSpec spec(Session session, Options options, Dataset dataset) {
        int batch = Math.min(options.batch(), dataset.size());
        return session.program(options.withBatch(batch)).input();
    }

    /** Refuses a data set with another number of classes than the model has outputs. */
    public static void checkClasses(ImageClassifier model, Dataset dataset) {
        UserError.require(
                model.multiLabel() || !(dataset.labels() instanceof Labels.MultiLabel),
                "%s has any number of labels a sample, but the model's head takes one class; use MultiLabelClsHead or"
                        + " MultiLabelLinearClsHead",
                dataset.name());
        int outputs = model.graph(shape(dataset)).output().shape().size(0);
        int classes = dataset.classes().size();
        UserError.require(
                outputs == classes,
                "the model has %d classes (num_classes), but %s has %d; set num_classes=%d in the model",
                outputs,
                dataset.name(),
                classes,
                classes);
        BatchAugments augments = model.batchAugments();
        UserError.require(
                !augments.soft() || augments.classes() == outputs,
                "the model has %d classes, but the augments of its train_cfg have num_classes=%d; make them equal",
                outputs,
                augments.classes());
    }
}
