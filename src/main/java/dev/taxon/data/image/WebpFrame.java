package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of an animated WebP, as libwebp's animation decoder shows it: on a black canvas. Its alpha, which nothing
 * here keeps, is left out. Source: WebP Container Specification.
 *
 * @param alpha whether the file says that it has some
 * @param file the frame alone, as a WebP file
 */
record WebpFrame(int canvasWidth, int canvasHeight, boolean alpha, int left, int top, MemorySegment file) {
    private static final ValueLayout.OfInt LITTLE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int FRAME_HEADER = 16;
    private static final int EXTENDED = tag("VP8X");
    private static final int FRAME = tag("ANMF");
    private static final int LOSSY = tag("VP8 ");
    private static final int LOSSLESS = tag("VP8L");
    private static final int ALPHA_FLAG = 0x10;
    private static final int ANIMATION_FLAG = 0x02;

    private static int tag(String text) {
        return text.charAt(0) | text.charAt(1) << 8 | text.charAt(2) << 16 | text.charAt(3) << 24;
    }

    /** Null for a file that is not animated. @throws ImageError if there is no whole frame in it */
    static @Nullable WebpFrame first(String name, MemorySegment bytes) {
        long header = RIFF_HEADER + CHUNK_HEADER;
        if (bytes.byteSize() < header + 10 || bytes.get(LITTLE, RIFF_HEADER) != EXTENDED) {
            return null;
        }
        int flags = bytes.get(ValueLayout.JAVA_BYTE, header);
        if ((flags & ANIMATION_FLAG) == 0) {
            return null;
        }
        MemorySegment frame = chunk(bytes, RIFF_HEADER, FRAME, FRAME);
        MemorySegment data = frame == null || frame.byteSize() < CHUNK_HEADER + FRAME_HEADER
                ? null
                : chunk(frame, CHUNK_HEADER + FRAME_HEADER, LOSSY, LOSSLESS);
        if (frame == null || data == null) {
            throw new ImageError(name, "it is cut off or damaged: its animation has no whole first frame");
        }
        MemorySegment file = MemorySegment.ofArray(new byte[Math.toIntExact(RIFF_HEADER + data.byteSize())]);
        file.set(LITTLE, 0, tag("RIFF"));
        file.set(LITTLE, 4, (int) (4 + data.byteSize()));
        file.set(LITTLE, 8, tag("WEBP"));
        MemorySegment.copy(data, 0, file, RIFF_HEADER, data.byteSize());
        return new WebpFrame(
                1 + u24(bytes, header + 4),
                1 + u24(bytes, header + 7),
                (flags & ALPHA_FLAG) != 0,
                2 * u24(frame, CHUNK_HEADER),
                2 * u24(frame, CHUNK_HEADER + 3),
                file);
    }

    /** The first chunk of one of two kinds, with its header and padding; null if there is no whole one. */
    private static @Nullable MemorySegment chunk(MemorySegment bytes, long from, int kind, int orKind) {
        for (long at = from; at + CHUNK_HEADER <= bytes.byteSize(); ) {
            int found = bytes.get(LITTLE, at);
            long size = CHUNK_HEADER + Integer.toUnsignedLong(bytes.get(LITTLE, at + 4));
            if (found == kind || found == orKind) {
                return at + size > bytes.byteSize()
                        ? null
                        : bytes.asSlice(at, Math.min(size + size % 2, bytes.byteSize() - at));
            }
            at += size + size % 2;
        }
        return null;
    }

    private static int u24(MemorySegment bytes, long at) {
        int value = 0;
        for (int i = 2; i >= 0; i--) {
            value = value << 8 | (bytes.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF);
        }
        return value;
    }

    /** The canvas with this frame's pixels, BGR. */
    Image.Bytes onCanvas(String name, Image.Bytes frame) {
        if (left + frame.width() > canvasWidth || top + frame.height() > canvasHeight) {
            throw new ImageError(name, "it is damaged: its first frame lies outside of its canvas");
        }
        byte[] pixels = Limits.pixels(name, canvasWidth, canvasHeight, 3);
        for (int y = 0; y < frame.height(); y++) {
            System.arraycopy(
                    frame.pixels(),
                    3 * y * frame.width(),
                    pixels,
                    3 * ((top + y) * canvasWidth + left),
                    3 * frame.width());
        }
        return new Image.Bytes(canvasHeight, canvasWidth, ChannelOrder.BGR, pixels);
    }
}
