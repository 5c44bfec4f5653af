package dev.taxon.data.image;

import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Orientation;
import java.lang.foreign.MemorySegment;

/** File formats as Pillow reads them. For one thread at a time. */
interface PillowCodec {
    /**
     * A picture before it is turned.
     *
     * @param image BGR, or grey
     */
    record Stored(Image.Bytes image, Orientation orientation) {}

    /** Whether a file begins as files of this format do. */
    boolean accepts(MemorySegment bytes);

    /**
     * The file's first image.
     *
     * @throws dev.taxon.data.transform.ImageError if it is broken, or of a kind that is not supported
     */
    Stored decode(String name, MemorySegment bytes, Decoding how);
}
