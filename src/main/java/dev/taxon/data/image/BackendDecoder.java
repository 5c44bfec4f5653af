package dev.taxon.data.image;

import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageDecoder;
import java.lang.foreign.MemorySegment;

/** Decodes as the library does that {@link Decoding#backend} names. */
public final class BackendDecoder implements ImageDecoder {
    private final OpenCvDecoder openCv = new OpenCvDecoder();
    private final PillowDecoder pillow = new PillowDecoder();

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, Decoding how) {
        return switch (how.backend()) {
            case CV2 -> openCv.decode(name, bytes, how);
            case PILLOW -> pillow.decode(name, bytes, how);
        };
    }
}
