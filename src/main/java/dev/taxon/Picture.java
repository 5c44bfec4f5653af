package dev.taxon;

import dev.taxon.data.transform.ChannelOrder;
import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

/**
 * An image to classify, of any size, wherever it is. What memory a picture refers to is read, never written, and only
 * until the call that it was given to returns.
 */
public sealed interface Picture {
    /** How messages name it. */
    String name();

    /** An image file. */
    static Picture of(Path file) {
        return new InFile(file);
    }

    /** The contents of an image file: an upload, a blob of a data base. */
    static Picture of(byte[] encoded) {
        return new Encoded("in memory (" + encoded.length + " bytes)", MemorySegment.ofArray(encoded));
    }

    /** The contents of an image file, on or off the heap. */
    static Picture of(MemorySegment encoded) {
        return new Encoded("in memory (" + encoded.byteSize() + " bytes)", encoded);
    }

    /** A decoded image of any type; transparency is dropped. */
    static Picture of(BufferedImage image) {
        return new Decoded("in memory (a BufferedImage)", image);
    }

    /**
     * Raw pixels.
     *
     * @param pixels uint8 (height, width, channels), row by row without gaps: exactly {@code height * width *
     *     order.channels()} bytes
     * @throws IllegalArgumentException if the segment has another size
     */
    static Picture of(MemorySegment pixels, int height, int width, ChannelOrder order) {
        return new Raw("in memory (raw pixels)", pixels, height, width, order);
    }

    /** The same under another name, for messages. */
    Picture named(String name);

    /** See {@link Picture#of(Path)}. */
    record InFile(String name, Path file) implements Picture {
        public InFile(Path file) {
            this(file.toString(), file);
        }

        @Override
        public Picture named(String other) {
            return new InFile(other, file);
        }
    }

    /** See {@link Picture#of(MemorySegment)}. */
    record Encoded(String name, MemorySegment bytes) implements Picture {
        @Override
        public Picture named(String other) {
            return new Encoded(other, bytes);
        }
    }

    /** See {@link Picture#of(BufferedImage)}. */
    record Decoded(String name, BufferedImage image) implements Picture {
        public Decoded {
            Objects.requireNonNull(image);
        }

        @Override
        public Picture named(String other) {
            return new Decoded(other, image);
        }
    }

    /** See {@link Picture#of(MemorySegment, int, int, ChannelOrder)}. */
    record Raw(String name, MemorySegment pixels, int height, int width, ChannelOrder order) implements Picture {
        public Raw {
            long expected = (long) height * width * order.channels();
            if (height < 1 || width < 1 || pixels.byteSize() != expected) {
                throw new IllegalArgumentException("a %dx%d %s image takes %d bytes, the segment has %d"
                        .formatted(height, width, order, expected, pixels.byteSize()));
            }
        }

        @Override
        public Picture named(String other) {
            return new Raw(other, pixels, height, width, order);
        }
    }
}
