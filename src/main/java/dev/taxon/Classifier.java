package dev.taxon;

import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.data.BatchWriter;
import dev.taxon.data.InferencePipeline;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.metric.Scores;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Region;
import dev.taxon.train.Session;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Classifies images with a trained model. Thread-safe: calls wait for each other. Closing frees its native memory.
 *
 * <pre>{@code
 * try (Classifier classifier = Classifier.open(Config.load(config), checkpoint, null)) {
 *     Prediction p = classifier.classify(Path.of("cat.jpg"));
 * }
 * }</pre>
 */
public final class Classifier implements AutoCloseable {
    private final LoadedModel model;
    private final InferencePipeline pipeline;
    private final Program program;
    private final BatchWriter writer;
    private final Region input;
    private final List<String> classes;

    private Classifier(LoadedModel model, InferencePipeline pipeline) {
        this.model = model;
        this.pipeline = pipeline;
        Session session = model.session();
        program = session.program(Options.eval(1));
        writer = new BatchWriter(program.input());
        input = Region.ofBytes(program.input().byteSize());
        classes = model.classes();
    }

    /**
     * Builds the config's model, loads a checkpoint and prepares the kernels for one image.
     *
     * @param device name of a device, over the config's; null leaves it
     * @throws UserError for a mistake in config or checkpoint
     */
    public static Classifier open(Config config, Path checkpoint, @Nullable String device) {
        Fields test = config.fields().dict("data").dict("test");
        InferencePipeline pipeline = InferencePipeline.of(test.text("type"), test.dicts("pipeline"));
        ImageClassifier classifier = ImageClassifier.read(config.fields().dict("model"));
        LoadedModel model =
                LoadedModel.open(config, classifier, pipeline.inputShape(), checkpoint, device, warning -> {});
        try {
            return new Classifier(model, pipeline);
        } catch (Throwable e) {
            model.close();
            throw e;
        }
    }

    /** What was added to the config's pipeline to make an image file what the network expects, in one sentence. */
    public Optional<String> note() {
        return pipeline.note();
    }

    /** One line about the device, for the start of a run. */
    public String device() {
        return model.device();
    }

    /** The class of the image in a file. @throws UserError if it cannot be read as an image */
    public synchronized Prediction classify(Path image) {
        UserError.require(Files.isRegularFile(image), "%s is no file; give the path of an image", image);
        writer.write(pipeline.prepare(image), input.segment(), 0);
        program.writeInput(input.segment());
        program.forward(Program.Draw.NONE);
        float[] logits = new float[model.session().graph().output().shape().size(0)];
        program.readOutput(MemorySegment.ofArray(logits));
        float[] row = model.session().scores().apply(logits, logits.length);
        Scores scores = new Scores(row, logits.length, new int[1]);
        int label = scores.predicted(0);
        String name = label < classes.size() ? classes.get(label) : Integer.toString(label);
        return new Prediction(label, scores.score(0, label), name);
    }

    @Override
    public synchronized void close() {
        input.close();
        model.close();
    }
}
