package dev.taxon.data;

import dev.taxon.config.Fields;
import dev.taxon.data.dataset.Kind;
import dev.taxon.data.image.BackendDecoder;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.LoadImageFromFile;
import dev.taxon.data.transform.NativeForm;
import dev.taxon.data.transform.Normalize;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.data.transform.Steady;
import dev.taxon.data.transform.ToGrey;
import dev.taxon.data.transform.Transform;
import dev.taxon.data.transform.TransformReader;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From an image to what a model takes, by the test pipeline of its config, completed where it begins with what only its
 * data set has: a file is loaded, and brought to the form in which MNIST and CIFAR store their images (mmcls feeds BGR
 * of any size). Stateless, so that any thread may use it.
 */
public final class InferencePipeline {
    private static final int BLANK = 256; // pixels a side

    private final Pipeline pipeline; // begins with LoadImageFromFile
    private final List<String> notes;

    private InferencePipeline(List<Transform> transforms, List<String> notes) {
        this.pipeline = new Pipeline(transforms);
        this.notes = List.copyOf(notes);
    }

    /**
     * The pipeline that a config's entry stands for; of a training pipeline, the part without chance.
     *
     * @param channels that the model takes: 1 makes grey images of coloured ones
     */
    public static InferencePipeline of(TestEntry entry, int channels) {
        List<Transform> given = read(entry.pipeline());
        List<String> notes = new ArrayList<>();
        if (entry.isTraining()) {
            given = Steady.of(given);
            notes.add(
                    "the config has no test pipeline: images are prepared as for training, without its random changes");
        }
        List<String> random = given.stream()
                .filter(Transform::random)
                .map(t -> t.getClass().getSimpleName())
                .toList();
        if (!random.isEmpty()) {
            notes.add("data." + entry.split() + ".pipeline changes images at random (" + String.join(", ", random)
                    + "): every image gets the same draw");
        }
        return of(Kind.of(entry.type()), given, channels, notes);
    }

    private static InferencePipeline of(Optional<Kind> kind, List<Transform> given, int channels, List<String> notes) {
        boolean loads = !given.isEmpty() && given.getFirst() instanceof LoadImageFromFile;
        List<Transform> transforms = new ArrayList<>();
        if (kind.isPresent() || !loads) {
            transforms.add(LoadImageFromFile.plain(new OpenCvDecoder()));
        } else {
            transforms.add(given.getFirst());
        }
        if (kind.isPresent()) {
            transforms.add(new NativeForm(kind.get().side(), kind.get().order()));
            notes.add(note(kind.get()));
        } else if (channels == 1) {
            transforms.add(new ToGrey());
            notes.add("the model takes grey images: colours are converted first");
        }
        transforms.addAll(given.subList(loads ? 1 : 0, given.size()));
        return new InferencePipeline(transforms, notes);
    }

    private static List<Transform> read(List<Fields> pipeline) {
        return new TransformReader(new BackendDecoder())
                .pipeline(pipeline).transforms().stream()
                        .flatMap(InferencePipeline::steps)
                        .toList();
    }

    private static Stream<Transform> steps(Transform transform) {
        return transform instanceof Pipeline p
                ? p.transforms().stream().flatMap(InferencePipeline::steps)
                : Stream.of(transform);
    }

    /**
     * Prepares one image; a {@link BatchWriter} puts it into a program's input.
     *
     * @param sample in a file or in memory
     * @throws dev.taxon.UserError if the file is missing or no image
     */
    public Sample prepare(Sample sample) {
        return pipeline.apply(sample, new Rng(0, 0));
    }

    /** The picture as the model sees it, before numbers are made of it: what {@link #prepare} does up to Normalize. */
    public Sample seen(Sample sample) {
        List<Transform> transforms = pipeline.transforms();
        int end = 0;
        while (end < transforms.size() && !(transforms.get(end) instanceof Normalize)) {
            end++;
        }
        return new Pipeline(transforms.subList(0, end)).apply(sample, new Rng(0, 0));
    }

    /** (C, H, W) of what {@link #prepare} makes of every image; empty if images keep a size of their own. */
    public Optional<Shape> inputShape() {
        Shape square = shape(BLANK, BLANK);
        return square.equals(shape(BLANK, 2 * BLANK)) ? Optional.of(square) : Optional.empty();
    }

    private Shape shape(int height, int width) {
        Image blank = new Image.Bytes(height, width, ChannelOrder.BGR, new byte[height * width * 3]);
        return shape(prepare(Sample.of("a blank image", blank, Sample.NO_LABEL)));
    }

    /** (C, H, W) of a prepared image. */
    public static Shape shape(Sample prepared) {
        Image image = prepared.pixels();
        return Shape.of(image.channels(), image.height(), image.width());
    }

    /** What is done to an image beyond the config's pipeline, a sentence each. */
    public List<String> notes() {
        return notes;
    }

    private static String note(Kind k) {
        return String.format(
                "%s holds %s images of %dx%d: the image is converted to that first%s",
                k.type(), k.order(), k.side(), k.side(), k == Kind.MNIST ? " (its digits are white on black)" : "");
    }
}
