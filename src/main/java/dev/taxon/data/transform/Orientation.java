package dev.taxon.data.transform;

import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a camera held its picture: the EXIF orientation of a JPEG file, 1 to 8. Source: Exif 2.3, tag 0x0112 of the first
 * image file directory.
 *
 * @param code 1: as stored; 5 to 8: rows and columns are exchanged
 */
record Orientation(int code) {
    static final Orientation AS_STORED = new Orientation(1);

    private static final int SOI = 0xFFD8;
    private static final int APP1 = 0xFFE1;
    private static final int START_OF_SCAN = 0xFFDA;
    private static final int TAG = 0x0112;
    private static final int ENTRY_BYTES = 12;

    /** The orientation that a file states; as stored if it is no JPEG, or states none or nonsense. */
    static Orientation of(MemorySegment file) {
        try {
            ByteBuffer in = file.asByteBuffer();
            if ((in.getShort() & 0xFFFF) != SOI) {
                return AS_STORED;
            }
            for (int marker = in.getShort() & 0xFFFF; marker != START_OF_SCAN; marker = in.getShort() & 0xFFFF) {
                int length = Math.min((in.getShort() & 0xFFFF) - 2, in.remaining());
                byte[] segment = new byte[Math.max(length, 0)];
                in.get(segment);
                if (marker == APP1 && segment.length > 6 && segment[0] == 'E' && segment[3] == 'f') {
                    int code = inTiff(
                            ByteBuffer.wrap(segment, 6, segment.length - 6).slice());
                    return code >= 1 && code <= 8 ? new Orientation(code) : AS_STORED;
                }
            }
            return AS_STORED;
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return AS_STORED; // a damaged header: the decoder is the one to complain
        }
    }

    private static int inTiff(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + i * ENTRY_BYTES;
            if ((tiff.getShort(entry) & 0xFFFF) == TAG) {
                return tiff.getShort(entry + 8);
            }
        }
        return AS_STORED.code;
    }

    /** The picture upright. */
    Image.Bytes apply(Image.Bytes image) {
        Image.Bytes turned = code >= 5 ? transposed(image) : image;
        boolean flipRows = code == 3 || code == 4 || code == 7 || code == 8;
        boolean flipCols = code == 2 || code == 3 || code == 6 || code == 7;
        if (!flipRows && !flipCols) {
            return turned;
        }
        int[] rows = Gather.range(0, turned.height());
        int[] cols = Gather.range(0, turned.width());
        return turned.gather(
                Gather.of(flipRows ? Gather.reversed(rows) : rows, flipCols ? Gather.reversed(cols) : cols));
    }

    private static Image.Bytes transposed(Image.Bytes image) {
        int h = image.height();
        int channels = image.channels();
        byte[] from = image.pixels();
        byte[] out = new byte[from.length];
        for (int i = 0; i < from.length; i++) {
            int pixel = i / channels;
            int y = pixel % h; // of the input
            int x = pixel / h;
            out[i] = from[(y * image.width() + x) * channels + i % channels];
        }
        return new Image.Bytes(image.width(), h, image.order(), out);
    }
}
