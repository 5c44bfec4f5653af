package dev.taxon.data.survey;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.image.BackendDecoder;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.BufferedImages;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.LoadImageFromFile;
import dev.taxon.data.transform.Normalize;
import dev.taxon.data.transform.Sample;
import dev.taxon.data.transform.Transform;
import dev.taxon.data.transform.TransformReader;
import dev.taxon.random.Philox;
import dev.taxon.random.Philox.Purpose;
import dev.taxon.random.Rng;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each step of a data set's pipeline makes of an image, as pictures. Source: mmcls 0.25,
 * tools/visualizations/vis_pipeline.py.
 */
public final class PipelineSteps {
    private final List<Step> steps = new ArrayList<>();

    private record Step(String name, Transform transform, boolean shown) {}

    /** An image on its way: the name of the step that made it, and its look; normalization is undone for that. */
    public record Frame(String step, BufferedImage picture) {}

    /**
     * The steps of a config.
     *
     * @param dataset {@code data.train}, {@code data.val} or {@code data.test}; wrappers are seen through
     * @param hidden names of steps that are carried out, and not shown
     */
    public PipelineSteps(Fields dataset, List<String> hidden) {
        TransformReader reader = new TransformReader(new BackendDecoder());
        for (Fields dict : pipeline(dataset)) {
            String name = dict.text("type");
            steps.add(new Step(name, reader.transform(dict), !hidden.contains(name)));
        }
    }

    private static List<Fields> pipeline(Fields dataset) {
        if (dataset.has("dataset")) {
            return pipeline(dataset.dict("dataset"));
        }
        List<Fields> parts = dataset.dicts("datasets");
        if (parts.isEmpty()) {
            return dataset.dicts("pipeline");
        }
        List<Fields> first = pipeline(parts.getFirst());
        for (Fields part : parts) {
            UserError.require(
                    pipeline(part).stream()
                            .map(Fields::dict)
                            .toList()
                            .equals(first.stream().map(Fields::dict).toList()),
                    "%s: the parts of %s have several pipelines; browse one of them, such as with --cfg-options",
                    dataset.dict().at(),
                    dataset.path());
        }
        return first;
    }

    /** The image as it is stored, then after each shown step, by the numbers that it gets in the first epoch of a run with that seed. */
    public List<Frame> frames(Dataset dataset, int index, long seed) {
        Sample sample = dataset.sample(index);
        Rng rng = new Rng(seed, Philox.stream(Purpose.AUGMENT, 0, index));
        List<Frame> frames = new ArrayList<>();
        if (sample.image() != null || steps.isEmpty() || !(steps.getFirst().transform instanceof LoadImageFromFile)) {
            Sample stored = LoadImageFromFile.plain(new OpenCvDecoder()).apply(sample, rng);
            frames.add(new Frame("original", picture(stored.pixels(), null)));
        }
        Normalize normalize = null;
        for (Step step : steps) {
            sample = step.transform.apply(sample, rng);
            normalize = step.transform instanceof Normalize n ? n : normalize;
            if (frames.isEmpty()) {
                frames.add(new Frame("original", picture(sample.pixels(), normalize)));
            } else if (step.shown) {
                frames.add(new Frame(step.name, picture(sample.pixels(), normalize)));
            }
        }
        return frames;
    }

    private static BufferedImage picture(Image image, @Nullable Normalize normalize) {
        return BufferedImages.of(
                switch (image) {
                    case Image.Bytes bytes -> bytes;
                    case Image.Mapped mapped -> mapped.source();
                    case Image.Floats floats -> rounded(floats, normalize);
                });
    }

    private static Image.Bytes rounded(Image.Floats image, @Nullable Normalize normalize) {
        int channels = image.channels();
        byte[] out = new byte[image.pixels().length];
        for (int i = 0; i < out.length; i++) {
            int c = i % channels;
            double value =
                    normalize == null ? image.pixels()[i] : image.pixels()[i] / normalize.scale(c) + normalize.mean(c);
            out[i] = (byte) Math.clamp(Math.round(value), 0, 255);
        }
        return new Image.Bytes(image.height(), image.width(), image.order(), out);
    }
}
