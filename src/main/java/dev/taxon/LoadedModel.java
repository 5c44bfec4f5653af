package dev.taxon;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.LoadReport;
import dev.taxon.checkpoint.Loading;
import dev.taxon.config.Config;
import dev.taxon.device.Device;
import dev.taxon.metric.ScoreFunction;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;
import dev.taxon.train.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A model with a checkpoint's weights on a device, for evaluation. Owns all three. */
final class LoadedModel implements AutoCloseable {
    private final Device device;
    private final Session session;
    private final List<String> classes;

    private LoadedModel(Device device, Session session, List<String> classes) {
        this.device = device;
        this.session = session;
        this.classes = classes;
    }

    /**
     * Builds the network for one input size and loads all of its weights.
     *
     * @param deviceName from a command line, over the config's
     * @param warnings hears what the checkpoint has that the model lacks
     */
    static LoadedModel open(
            Config config,
            ImageClassifier model,
            Shape input,
            Path checkpoint,
            @Nullable String deviceName,
            Consumer<String> warnings) {
        Device device = Devices.open(Settings.read(config.fields()).on(deviceName));
        try {
            Session session = new Session(device, model.graph(input), ScoreFunction.of(model.multiLabel()));
            try (Checkpoint file = Checkpoint.open(checkpoint)) {
                LoadReport report =
                        Loading.into(session.weights(), file.stateDict(), false).requireComplete(checkpoint);
                if (!report.isExact() || !report.note().isEmpty()) {
                    warnings.accept(report.isExact() ? report.summary() : report.text());
                }
                List<String> classes = file.meta().get("CLASSES") instanceof List<?> names
                        ? names.stream().map(String::valueOf).toList()
                        : List.of();
                return new LoadedModel(device, session, classes);
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
