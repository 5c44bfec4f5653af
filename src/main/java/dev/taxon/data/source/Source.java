package dev.taxon.data.source;

import java.lang.foreign.MemorySegment;

/** Where an encoded image lies: a file, or a member of an archive. Several threads may read it at once. */
public interface Source {
    /** Larger is no image. */
    long MOST_BYTES = 1L << 29;

    /** How messages name it: a path, through the archive if it is in one. */
    String name();

    /**
     * All of its bytes.
     *
     * @param buffer room that the bytes may take
     * @return valid until {@code buffer} is used again or closed; not to be written
     * @throws dev.taxon.UserError if it is missing, cannot be read, or is damaged where the container can tell
     */
    MemorySegment read(ReadBuffer buffer);
}
