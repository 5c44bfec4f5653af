package dev.taxon.data;

import dev.taxon.config.Fields;
import dev.taxon.data.dataset.Kind;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageDecoder;
import dev.taxon.data.transform.LoadImageFromFile;
import dev.taxon.data.transform.NativeForm;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.data.transform.Transform;
import dev.taxon.data.transform.TransformReader;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From an image file to what a model takes, by the test pipeline of its config. The pipelines of MNIST and CIFAR begin
 * with images as those data sets store them, so a file is brought to that form first (mmcls feeds BGR of any size).
 */
public final class InferencePipeline {
    private static final int BLANK = 256; // pixels a side

    private final Pipeline pipeline; // begins with LoadImageFromFile
    private final Optional<Kind> kind;

    private InferencePipeline(Pipeline pipeline, Optional<Kind> kind) {
        this.pipeline = pipeline;
        this.kind = kind;
    }

    /**
     * The pipeline for the files of a user.
     *
     * @param datasetType {@code data.test.type}
     * @param testPipeline the items of {@code data.test.pipeline}; LoadImageFromFile is put before them if absent
     */
    public static InferencePipeline of(String datasetType, List<Fields> testPipeline) {
        ImageDecoder decoder = new OpenCvDecoder();
        List<Transform> given = new ArrayList<>(
                new TransformReader(decoder).pipeline(testPipeline).transforms());
        boolean loads = !given.isEmpty() && given.getFirst() instanceof LoadImageFromFile;
        Optional<Kind> kind = Kind.of(datasetType);
        List<Transform> transforms = new ArrayList<>();
        if (kind.isPresent() || !loads) {
            transforms.add(LoadImageFromFile.plain(decoder));
        }
        kind.ifPresent(k -> transforms.add(new NativeForm(k.side(), k.order())));
        transforms.addAll(kind.isPresent() && loads ? given.subList(1, given.size()) : given);
        return new InferencePipeline(new Pipeline(transforms), kind);
    }

    /**
     * Reads and prepares one image; a {@link BatchWriter} puts it into a program's input.
     *
     * @throws dev.taxon.UserError if the file is missing or no image
     */
    public Sample prepare(Path image) {
        return pipeline.apply(Sample.of(image, Sample.NO_LABEL), new Rng(0, 0));
    }

    /** (C, H, W) of what {@link #prepare} makes; a pipeline for a network brings all images to one size. */
    public Shape inputShape() {
        Image blank = new Image.Bytes(BLANK, BLANK, ChannelOrder.BGR, new byte[BLANK * BLANK * 3]);
        Pipeline afterLoading = new Pipeline(
                pipeline.transforms().subList(1, pipeline.transforms().size()));
        Image made = afterLoading
                .apply(Sample.of("a blank image", blank, Sample.NO_LABEL), new Rng(0, 0))
                .pixels();
        return Shape.of(made.channels(), made.height(), made.width());
    }

    /** The line that tells the user what is done to an image beyond the config's pipeline, if anything is. */
    public Optional<String> note() {
        return kind.map(k -> String.format(
                "%s holds %s images of %dx%d: the image is converted to that first%s",
                k.type(), k.order(), k.side(), k.side(), k == Kind.MNIST ? " (its digits are white on black)" : ""));
    }
}
