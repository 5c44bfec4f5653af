package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * JPEG in the strips and tiles of a TIFF: each is a JPEG file, but tables that all of them use may stand in the directory. The
 * directory alone says what the colours are, so that application markers are left out, and Adobe's is put in. For one thread
 * at a time. Source: TIFF Technical Note 2.
 */
final class TiffJpeg {
    private static final int MARKER = 0xFF;
    private static final int START = 0xD8;
    private static final int END = 0xD9;
    private static final int APPLICATION = 0xE0; // the first of 16

    private final JpegDecoder decoder = new JpegDecoder();
    private final NativeBuffer decoded = new NativeBuffer();

    /**
     * Decodes the first {@code rows} rows of a strip or tile.
     *
     * @param from where it begins in the file
     * @param samples get (rows, chunk width, samples)
     */
    void decode(TiffDirectory directory, TiffHeader header, int from, int size, int rows, byte[] samples) {
        byte[] file = whole(directory, header, from, size);
        decoder.open(directory.name(), MemorySegment.ofArray(file), 1);
        if (decoder.components() != header.samples()
                || decoder.fullWidth() != header.chunkWidth()
                || decoder.fullHeight() < rows) {
            throw directory.error("it is damaged: a JPEG of %dx%d pixels in %d channels is in place of %dx%d in %d"
                    .formatted(
                            decoder.fullWidth(),
                            decoder.fullHeight(),
                            decoder.components(),
                            header.chunkWidth(),
                            rows,
                            header.samples()));
        }
        MemorySegment dst = decoded.first(rows * header.rowBytes());
        ChannelOrder order = header.samples() == 1 ? ChannelOrder.GREY : ChannelOrder.RGB;
        decoder.decode(dst, header.rowBytes(), 0, 0, header.chunkWidth(), rows, order);
        MemorySegment.copy(dst, ValueLayout.JAVA_BYTE, 0, samples, 0, (int) (rows * header.rowBytes()));
    }

    /** The start mark, Adobe's marker, the tables, and what is behind the start of the strip or tile. */
    private static byte[] whole(TiffDirectory directory, TiffHeader header, int from, int size) {
        byte[] tables = header.tables();
        byte[] bytes = directory.bytes();
        int to = from + size;
        int at = from + 2;
        if (size < 4 || !isMark(bytes, from, START)) {
            throw directory.error("it is damaged: a strip or tile is no JPEG");
        }
        while (at + 4 <= to && (bytes[at] & 0xFF) == MARKER && (bytes[at + 1] & 0xF0) == APPLICATION) {
            at += 2 + ((bytes[at + 2] & 0xFF) << 8 | (bytes[at + 3] & 0xFF));
        }
        boolean hasTables = tables.length >= 4 && isMark(tables, 0, START);
        int tablesEnd = hasTables && isMark(tables, tables.length - 2, END) ? tables.length - 2 : tables.length;
        byte[] adobe = header.samples() == 1 ? new byte[0] : adobe(header.luminance());
        int tablesSize = hasTables ? tablesEnd - 2 : 0;
        int rest = Math.max(0, to - at);
        byte[] file = Arrays.copyOf(new byte[] {(byte) MARKER, (byte) START}, 2 + adobe.length + tablesSize + rest);
        System.arraycopy(adobe, 0, file, 2, adobe.length);
        if (hasTables) {
            System.arraycopy(tables, 2, file, 2 + adobe.length, tablesSize);
        }
        System.arraycopy(bytes, to - rest, file, file.length - rest, rest);
        return file;
    }

    private static boolean isMark(byte[] bytes, int at, int mark) {
        return (bytes[at] & 0xFF) == MARKER && (bytes[at + 1] & 0xFF) == mark;
    }

    /** Says that colours are luminance and differences, or red, green and blue. */
    private static byte[] adobe(boolean luminance) {
        byte transform = (byte) (luminance ? 1 : 0);
        return new byte[] {(byte) MARKER, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform};
    }
}
