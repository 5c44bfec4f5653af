package dev.taxon.data.transform;

import java.lang.foreign.MemorySegment;

/** Turns the bytes of image files into images of 8 bits a channel. Any number of threads may use one decoder. */
@FunctionalInterface
public interface ImageDecoder {
    /**
     * The first image of a file, upright where {@code how} says so; 16 bits become 8, alpha is dropped.
     *
     * @param name how messages name it: the file, or the archive and its member
     * @param bytes the whole file, in native memory or on the heap; only read during the call
     * @throws ImageError if it is no image, broken, or of a kind that is not supported
     */
    Image.Bytes decode(String name, MemorySegment bytes, Decoding how);

    /** The same at full size, and whole. */
    default Image.Bytes decode(String name, MemorySegment bytes, ColorType type) {
        return decode(name, bytes, Decoding.of(type));
    }
}
