package dev.taxon.data.transform;

import dev.taxon.UserError;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One example on its way through a pipeline.
 *
 * @param name how messages name it: a file, or the data set's name and the index
 * @param file the image file, where there is one
 * @param image null until {@code LoadImageFromFile} has read it
 * @param label class index; −1 where none is known
 */
public record Sample(
        String name, @Nullable Path file, @Nullable Image image, int label) {
    public static final int NO_LABEL = -1;

    /** A sample that is in memory. */
    public static Sample of(String name, Image image, int label) {
        return new Sample(name, null, image, label);
    }

    /** A sample that is in a file. */
    public static Sample of(Path file, int label) {
        return new Sample(file.toString(), file, null, label);
    }

    /**
     * The image.
     *
     * @throws UserError if no transform has loaded it
     */
    public Image pixels() {
        if (image == null) {
            throw UserError.of("%s is not loaded: the pipeline must begin with LoadImageFromFile", name);
        }
        return image;
    }

    /** This sample with another image. */
    public Sample with(Image changed) {
        return new Sample(name, file, changed, label);
    }
}
