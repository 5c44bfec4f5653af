package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.data.source.FileSource;
import dev.taxon.data.source.Source;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One example on its way through a pipeline.
 *
 * @param name how messages name it: a file, or the data set's name and the index
 * @param source where the encoded image lies; null for one that is in memory
 * @param image null until {@code LoadImageFromFile} has read it
 * @param label class index; −1 where none is known, or an example has any number of them
 */
public record Sample(
        String name, @Nullable Source source, @Nullable Image image, int label) {
    public static final int NO_LABEL = -1;

    /** A sample that is in memory. */
    public static Sample of(String name, Image image, int label) {
        return new Sample(name, null, image, label);
    }

    /** A sample that is in a file. */
    public static Sample of(Path file, int label) {
        return of(new FileSource(file), label);
    }

    /** A sample that is not read yet. */
    public static Sample of(Source source, int label) {
        return new Sample(source.name(), source, null, label);
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
        return new Sample(name, source, changed, label);
    }
}
