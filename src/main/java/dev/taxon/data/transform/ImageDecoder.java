package dev.taxon.data.transform;

import java.lang.foreign.MemorySegment;

/** Decodes images. */
@FunctionalInterface
public interface ImageDecoder {
    /**
     * The first image of an encoded file as BGR uint8, whatever it stores: grey is repeated, alpha is dropped, 16 bits become 8.
     * As stored: EXIF orientation is applied by {@link LoadImageFromFile}.
     *
     * @param name how messages name the image
     * @param bytes all of the file
     * @throws dev.taxon.UserError if that is no image, or broken
     */
    Image.Bytes decode(String name, MemorySegment bytes);
}
