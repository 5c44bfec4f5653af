package dev.taxon.data.source;

import dev.taxon.UserError;
import java.lang.foreign.MemorySegment;

/** The contents of a file that a program holds in memory: an upload, a blob of a data base. */
public record MemorySource(String name, MemorySegment bytes) implements Source {
    @Override
    public MemorySegment read(ReadBuffer buffer) {
        UserError.require(
                bytes.byteSize() <= MOST_BYTES, "%s has %d bytes: too many for an image", name, bytes.byteSize());
        return bytes;
    }
}
