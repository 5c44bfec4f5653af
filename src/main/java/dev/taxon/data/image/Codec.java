package dev.taxon.data.image;

import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;

/** One file format. For one thread at a time. */
interface Codec {
    /** Whether a file begins as files of this format do. */
    boolean accepts(MemorySegment bytes);

    /**
     * The file's first image, as {@link dev.taxon.data.transform.ImageDecoder#decode} tells.
     *
     * @throws ImageError if it is broken, or of a kind that is not supported
     */
    Image.Bytes decode(String name, MemorySegment bytes, Decoding how);
}
