package dev.taxon;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.LoadReport;
import dev.taxon.checkpoint.Loading;
import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.dist.Communicator;
import dev.taxon.graph.Graph;
import dev.taxon.metric.ScoreFunction;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;
import dev.taxon.train.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A model with a checkpoint's weights on a device, for evaluation. Owns all three. */
final class LoadedModel implements AutoCloseable {
    private final ImageClassifier model;
    private final Device device;
    private final Session session;
    private final List<String> classes;

    private LoadedModel(ImageClassifier model, Device device, Session session, List<String> classes) {
        this.model = model;
        this.device = device;
        this.session = session;
        this.classes = classes;
    }

    /**
     * Builds the network for one input size and loads all of its weights.
     *
     * @param settings device and threads
     * @param warnings hears what the checkpoint has that the model lacks
     */
    static LoadedModel open(
            ImageClassifier model, Shape input, Path checkpoint, Settings settings, Consumer<String> warnings) {
        return open(model, input, checkpoint, settings, Communicator.alone(), warnings);
    }

    /** The same for one of several processes that evaluate together. */
    static LoadedModel open(
            ImageClassifier model,
            Shape input,
            Path checkpoint,
            Settings settings,
            Communicator ranks,
            Consumer<String> warnings) {
        Device device = Devices.open(settings);
        try {
            Session session = new Session(device, model.graph(input), ScoreFunction.of(model.multiLabel()), ranks);
            try (Checkpoint file = Checkpoint.open(checkpoint)) {
                LoadReport report =
                        Loading.into(session.weights(), file.stateDict(), false).requireComplete(checkpoint);
                if (!report.isExact() || !report.note().isEmpty()) {
                    warnings.accept(report.isExact() ? report.summary() : report.text());
                }
                List<String> classes = file.meta().get("CLASSES") instanceof List<?> names
                        ? names.stream().map(String::valueOf).toList()
                        : List.of();
                return new LoadedModel(model, device, session, classes);
            } catch (Throwable e) {
                session.close();
                throw e;
            }
        } catch (Throwable e) {
            device.close();
            throw e;
        }
    }

    /** One line about the device. */
    String device() {
        return device.describe();
    }

    /** The network for another input size (C, H, W), over the same weights. */
    Graph graph(Shape input) {
        return input.equals(session.graph().input().shape()) ? session.graph() : model.graph(input);
    }

    /** A program over the weights, which the caller closes before this. */
    Program compile(Graph graph, Options options) {
        return device.compile(graph, session.weights(), options);
    }

    /** Number of classes. */
    int outputs() {
        return session.graph().output().shape().size(0);
    }

    Session session() {
        return session;
    }

    /** {@code meta.CLASSES} of the checkpoint; empty if it has none. */
    List<String> classes() {
        return classes;
    }

    @Override
    public void close() {
        session.close();
        device.close();
    }
}
