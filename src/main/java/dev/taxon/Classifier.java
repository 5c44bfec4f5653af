package dev.taxon;

import static dev.taxon.UserError.require;

import dev.taxon.config.Config;
import dev.taxon.data.InferencePipeline;
import dev.taxon.data.TestEntry;
import dev.taxon.data.transform.Sample;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;
import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Classifies images with a trained model.
 *
 * <pre>{@code
 * try (Classifier classifier = Classifier.load(Path.of("resnet50.py"), Path.of("resnet50.pth"))) {
 *     Prediction p = classifier.predict(Path.of("cat.jpg"));
 *     System.out.println(p.className() + " " + p.score());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Images are decoded in the callers' threads at the same time; the network runs for one call after the
 * other, on {@link Options#threads} threads. What an image gets does not depend on what other threads ask. In a list it
 * may differ from the image alone in the last bits, as other kernels add in another order.
 *
 * <p>Weights and buffers are native memory, which closing frees: it waits for the calls in flight, and a call after it is an
 * {@link IllegalStateException}. A mistake in a config, a checkpoint or an image is a {@link UserError} that says what and
 * where.
 */
public final class Classifier implements AutoCloseable {
    private final LoadedModel model;
    private final ClassNames classNames;
    private final List<String> notes;
    private final Network network;
    private final Preparation preparation;
    private final int batch;
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock(); // read: a call; write: closing
    private final Lock turn = new ReentrantLock(true); // the network is for one thread at a time
    private boolean closed; // guarded by life

    /**
     * How a classifier runs; {@link #DEFAULT} fits most programs.
     *
     * @param device {@code cpu}, or {@code reference} (plain Java, slow); null is the config's, else {@code cpu}
     * @param threads that compute; 0 is the config's {@code taxon.threads}, else one a core
     * @param batch how many images of a list run through the network at once, at most; more take more memory
     * @param decoders threads that decode and prepare the images of a list; 0 is one a core
     */
    public record Options(@Nullable String device, int threads, int batch, int decoders) {
        public static final Options DEFAULT = new Options(null, 0, 32, 0);

        public Options {
            require(threads >= 0, "threads must be 0 (as the config says) or positive, got %d", threads);
            require(batch > 0, "batch must be positive, got %d", batch);
            require(decoders >= 0, "decoders must be 0 (one a core) or positive, got %d", decoders);
        }

        public Options onDevice(@Nullable String name) {
            return new Options(name, threads, batch, decoders);
        }

        public Options withThreads(int count) {
            return new Options(device, count, batch, decoders);
        }

        public Options withBatch(int size) {
            return new Options(device, threads, size, decoders);
        }
    }

    private Classifier(LoadedModel model, InferencePipeline pipeline, ClassNames names, List<String> notes, Options o) {
        this.model = model;
        this.classNames = names;
        this.notes = List.copyOf(notes);
        this.batch = o.batch;
        network = new Network(model, o.batch);
        preparation =
                new Preparation(pipeline, o.decoders == 0 ? Runtime.getRuntime().availableProcessors() : o.decoders);
    }

    /**
     * Builds a config's model and loads a checkpoint into it.
     *
     * @param config an mmcls config: .py, .json or .yaml
     * @param checkpoint .pth or .safetensors
     * @throws UserError for a mistake in either
     */
    public static Classifier load(Path config, Path checkpoint) {
        return load(config, checkpoint, Options.DEFAULT);
    }

    /** As {@link #load(Path, Path)}, with options. */
    public static Classifier load(Path config, Path checkpoint, Options options) {
        return load(Config.load(config), checkpoint, options);
    }

    /** As {@link #load(Path, Path)}, from a config that was read, and perhaps changed, already. */
    public static Classifier load(Config config, Path checkpoint, Options options) {
        ImageClassifier model = ImageClassifier.read(config.fields().dict("model"));
        TestEntry entry = TestEntry.of(config.fields());
        Shape example = model.exampleInput();
        InferencePipeline pipeline = InferencePipeline.of(entry, example.size(0));
        Settings settings = Settings.read(config.fields()).on(options.device).withThreads(options.threads);
        List<String> notes = new ArrayList<>(pipeline.notes());
        LoadedModel loaded =
                LoadedModel.open(model, pipeline.inputShape().orElse(example), checkpoint, settings, notes::add);
        try {
            ClassNames names = ClassNames.of(loaded.classes(), Optional.of(entry), loaded.outputs());
            names.note().ifPresent(notes::add);
            return new Classifier(loaded, pipeline, names, notes, options);
        } catch (Throwable e) {
            loaded.close();
            throw e;
        }
    }

    /** Names of the classes, by index. */
    public List<String> classes() {
        return classNames.names();
    }

    /**
     * What a user may want to know about this model, a sentence each: where class names come from when not from the
     * checkpoint, what is done to images beyond the config's pipeline, what the checkpoint has that the model lacks.
     */
    public List<String> notes() {
        return notes;
    }

    /** One line about the device. */
    public String device() {
        return model.device();
    }

    /** Classifies an image file. */
    public Prediction predict(Path file) {
        return predict(Picture.of(file));
    }

    /** Classifies an image from the contents of its file. */
    public Prediction predict(byte[] encoded) {
        return predict(Picture.of(encoded));
    }

    /** Classifies an image from the contents of its file, on or off the heap. */
    public Prediction predict(MemorySegment encoded) {
        return predict(Picture.of(encoded));
    }

    /** Classifies a decoded image. */
    public Prediction predict(BufferedImage image) {
        return predict(Picture.of(image));
    }

    /**
     * Classifies a picture.
     *
     * @throws UserError if it is missing, broken or no image
     * @throws IllegalStateException if this classifier is closed
     */
    public Prediction predict(Picture picture) {
        begin();
        try {
            return run(List.of(preparation.prepare(picture))).getFirst();
        } finally {
            end();
        }
    }

    /**
     * Classifies many pictures, in batches.
     *
     * @return as many predictions, in order
     * @throws UserError for the first picture that is missing, broken or no image
     * @throws IllegalStateException if this classifier is closed
     */
    public List<Prediction> predict(List<? extends Picture> pictures) {
        Prediction[] predictions = new Prediction[pictures.size()];
        predictEach(pictures, (index, picture, prediction) -> predictions[index] = prediction);
        return Arrays.asList(predictions);
    }

    /**
     * Classifies pictures as they come, in batches, while the next ones are decoded: memory does not grow with their
     * number. The listener hears of each in order, in this thread; it must not close this classifier.
     *
     * @throws IllegalStateException if this classifier is closed
     */
    public void predictEach(Iterable<? extends Picture> pictures, Listener listener) {
        begin();
        try (Preparation.Run run = preparation.start(pictures.iterator(), 2 * batch)) {
            int index = 0;
            for (List<Preparation.Prepared> next = run.take(batch); !next.isEmpty(); next = run.take(batch)) {
                List<Sample> samples =
                        next.stream().flatMap(p -> p.sample().stream()).toList();
                var predictions = run(samples).iterator();
                for (Preparation.Prepared prepared : next) {
                    if (prepared.sample().isPresent()) {
                        listener.predicted(index, prepared.picture(), predictions.next());
                    } else {
                        listener.failed(
                                index, prepared.picture(), prepared.error().orElseThrow());
                    }
                    index++;
                }
            }
        } finally {
            end();
        }
    }

    /** Hears the results of {@link #predictEach}. */
    @FunctionalInterface
    public interface Listener {
        /** The next picture is classified; {@code index} is its place, from 0. */
        void predicted(int index, Picture picture, Prediction prediction);

        /** A picture is missing, broken or no image. Throws the error unless it is overridden. */
        default void failed(int index, Picture picture, UserError error) {
            throw error;
        }
    }

    private List<Prediction> run(List<Sample> samples) {
        if (samples.isEmpty()) {
            return List.of();
        }
        float[][] scores;
        turn.lock();
        try {
            scores = network.scores(samples);
        } finally {
            turn.unlock();
        }
        return Arrays.stream(scores)
                .map(s -> new Prediction(s, classNames.names()))
                .toList();
    }

    private void begin() {
        life.readLock().lock();
        if (closed) {
            life.readLock().unlock();
            throw new IllegalStateException("this classifier is closed; load another one");
        }
    }

    private void end() {
        life.readLock().unlock();
    }

    /** Waits for the calls in flight, then frees all memory. Closing again does nothing. */
    @Override
    public void close() {
        if (life.getReadHoldCount() > 0) {
            throw new IllegalStateException("a listener must not close the classifier that calls it");
        }
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                preparation.close();
                network.close();
                model.close();
            }
        } finally {
            life.writeLock().unlock();
        }
    }
}
