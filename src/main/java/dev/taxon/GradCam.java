package dev.taxon;

import static dev.taxon.UserError.require;

import dev.taxon.cam.ActivationMap;
import dev.taxon.cam.CamRun;
import dev.taxon.cam.TargetLayers;
import dev.taxon.config.Config;
import dev.taxon.data.InferencePipeline;
import dev.taxon.data.TestEntry;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Sample;
import dev.taxon.graph.EvaluationForm;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Node;
import dev.taxon.metric.ScoreFunction;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows where in an image a model sees a class. For one thread at a time. Source: mmcls, vis_cam, on pytorch-grad-cam's
 * formulas.
 */
public final class GradCam implements AutoCloseable {
    private final LoadedModel model;
    private final InferencePipeline pipeline;
    private final ClassNames classNames;
    private final List<String> notes;
    private final Shape example;

    /**
     * What to draw.
     *
     * @param layers names of layers or blocks; empty for the one that mmcls would choose
     * @param labels the classes to explain, a map each; empty for the predicted one
     * @param extraTokens tokens at the start of a layer of tokens that stand for no place; null for those of the network
     */
    public record Request(
            List<String> layers,
            List<Integer> labels,
            @Nullable Integer extraTokens,
            CamRun.Settings settings) {
        public Request {
            layers = List.copyOf(layers);
            labels = List.copyOf(labels);
            require(extraTokens == null || extraTokens >= 0, "--num-extra-tokens must not be negative");
        }
    }

    /**
     * What came out.
     *
     * @param maps one for each class that was asked for
     * @param layers names of the layers that they are of
     */
    public record Explanation(Prediction prediction, List<ActivationMap> maps, List<String> layers) {}

    private GradCam(
            LoadedModel model, InferencePipeline pipeline, ClassNames classNames, List<String> notes, Shape example) {
        this.model = model;
        this.pipeline = pipeline;
        this.classNames = classNames;
        this.notes = List.copyOf(notes);
        this.example = example;
    }

    /** Builds a config's model and loads a checkpoint into it; see {@link Classifier#load(Path, Path)}. */
    public static GradCam load(Config config, Path checkpoint, @Nullable String device) {
        ImageClassifier classifier = ImageClassifier.read(config.fields().dict("model"));
        TestEntry entry = TestEntry.of(config.fields());
        Shape example = classifier.exampleInput();
        InferencePipeline pipeline = InferencePipeline.of(entry, example.size(0));
        List<String> notes = new ArrayList<>(pipeline.notes());
        Shape input = pipeline.inputShape().orElse(example);
        Settings settings = Settings.read(config.fields()).on(device);
        LoadedModel model = LoadedModel.open(classifier, input, checkpoint, settings, notes::add);
        try {
            ClassNames names = ClassNames.of(model.classes(), Optional.of(entry), model.outputs());
            names.note().ifPresent(notes::add);
            return new GradCam(model, pipeline, names, notes, input);
        } catch (Throwable e) {
            model.close();
            throw e;
        }
    }

    /** As {@link Classifier#notes}. */
    public List<String> notes() {
        return notes;
    }

    /** One line about the device. */
    public String device() {
        return model.device();
    }

    /** Names of the classes, by index. */
    public List<String> classes() {
        return classNames.names();
    }

    /** The layers that have a map, by name, in the order in which they run. */
    public List<Node> layers() {
        return new TargetLayers(model.graph(example)).withMap();
    }

    /**
     * Maps of a picture.
     *
     * @throws UserError for a picture that is no image, or a layer or class that is not there
     */
    public Explanation explain(Picture picture, Request request) {
        Sample sample = Preparation.sample(picture);
        Sample prepared = pipeline.prepare(sample);
        Graph graph = EvaluationForm.of(model.graph(InferencePipeline.shape(prepared)));
        TargetLayers targets = new TargetLayers(graph);
        List<Node> layers = request.layers.isEmpty()
                ? List.of(targets.standard())
                : request.layers.stream().map(targets::of).toList();
        for (int label : request.labels) {
            require(
                    label >= 0 && label < model.outputs(),
                    "--target-category %d is not one of the %d classes, 0 to %d",
                    label,
                    model.outputs(),
                    model.outputs() - 1);
        }
        int extraTokens = request.extraTokens == null ? targets.extraTokens() : request.extraTokens;
        try (CamRun run = new CamRun(graph, layers, extraTokens, model::compile)) {
            float[] logits = run.logits(prepared);
            ScoreFunction scores = model.session().scores();
            Prediction prediction = new Prediction(scores.apply(logits, logits.length), classNames.names());
            List<Integer> labels = request.labels.isEmpty() ? List.of(prediction.label()) : request.labels;
            Image seen = pipeline.seen(sample).pixels();
            List<ActivationMap> maps = labels.stream()
                    .map(l -> new ActivationMap(l, run.map(prepared, l, request.settings), seen))
                    .toList();
            return new Explanation(
                    prediction, maps, layers.stream().map(Node::name).toList());
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
