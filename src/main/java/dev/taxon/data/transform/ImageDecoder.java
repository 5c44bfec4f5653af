package dev.taxon.data.transform;

import java.nio.file.Path;

/** Reads an image file. */
@FunctionalInterface
public interface ImageDecoder {
    /**
     * The first image of a file as BGR uint8, whatever it stores: grey is repeated, alpha is dropped, 16 bits become 8.
     * As stored: EXIF orientation is applied by {@link LoadImageFromFile}.
     *
     * @throws dev.taxon.UserError if the file is missing, no image, or broken
     */
    Image.Bytes decode(Path file);
}
