package dev.taxon.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The samples of one strip or tile after another, unpacked. Source: TIFF 6.0, sections 9, 13 and 14. */
final class TiffChunk {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int MIN_BITS = 9;
    private static final int MAX_BITS = 12;
    private static final int TABLE = 1 << MAX_BITS;

    private final TiffDirectory directory;
    private final TiffHeader header;
    private final TiffJpeg jpeg;
    private final byte[] samples; // rows of header.rowBytes()

    // The entries of the LZW table as bytes of samples: each is the code before and one byte more.
    private final int[] starts = new int[TABLE];
    private final int[] lengths = new int[TABLE];

    TiffChunk(TiffDirectory directory, TiffHeader header, TiffJpeg jpeg) {
        this.directory = directory;
        this.header = header;
        this.jpeg = jpeg;
        long bytes = header.rowBytes() * header.chunkHeight();
        if (bytes > Integer.MAX_VALUE - 8) {
            throw directory.error("its strips or tiles of " + header.chunkWidth() + "x" + header.chunkHeight()
                    + " pixels do not fit into a Java array");
        }
        samples = new byte[(int) bytes];
    }

    /** Unpacks the first {@code rows} rows of a chunk; they stay until the next call. 16 bits are in the file's order. */
    byte[] read(int chunk, int rows) {
        long at = header.offsets()[chunk];
        long size = header.sizes()[chunk];
        directory.check(at, size, 1);
        byte[] packed = directory.bytes();
        int from = (int) at;
        if (header.packing() == TiffHeader.Packing.JPEG) {
            jpeg.decode(directory, header, from, (int) size, rows, samples);
            return samples;
        }
        if (header.reversed()) {
            packed = new byte[(int) size];
            for (int i = 0; i < packed.length; i++) {
                packed[i] = (byte) (Integer.reverse(directory.bytes()[from + i]) >>> 24);
            }
            from = 0;
        }
        int wanted = (int) (rows * header.rowBytes());
        int made = unpack(packed, from, from + (int) size, wanted);
        if (made < wanted) {
            throw directory.error(
                    "it is cut off or damaged: strip or tile " + chunk + " has " + made + " of " + wanted + " bytes");
        }
        if (header.predicted()) {
            for (int y = 0; y < rows; y++) {
                sum((int) (y * header.rowBytes()), (int) header.rowBytes());
            }
        }
        return samples;
    }

    /** How many bytes, up to {@code wanted}, were made. */
    private int unpack(byte[] packed, int from, int to, int wanted) {
        return switch (header.packing()) {
            case NONE -> {
                int count = Math.min(to - from, wanted);
                System.arraycopy(packed, from, samples, 0, count);
                yield count;
            }
            case LZW -> lzw(packed, from, to, wanted);
            case DEFLATE -> inflate(packed, from, to, wanted);
            case PACK_BITS -> packBits(packed, from, to, wanted);
            case JPEG -> throw new IllegalStateException("a JPEG is decoded whole");
        };
    }

    private int inflate(byte[] packed, int from, int to, int wanted) {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(packed, from, to - from);
            int made = 0;
            for (int n = 1; n > 0 && made < wanted; made += n) {
                n = inflater.inflate(samples, made, wanted - made);
            }
            return made;
        } catch (DataFormatException e) {
            throw directory.error("its deflated data are damaged");
        }
    }

    private int packBits(byte[] packed, int from, int to, int wanted) {
        int made = 0;
        for (int i = from; i < to && made < wanted; ) {
            int count = packed[i++];
            if (count >= 0) { // literal bytes
                int n = Math.min(Math.min(count + 1, to - i), wanted - made);
                System.arraycopy(packed, i, samples, made, n);
                made += n;
                i += n;
            } else if (count != Byte.MIN_VALUE && i < to) { // a byte again and again
                int end = Math.min(made + 1 - count, wanted);
                while (made < end) {
                    samples[made++] = packed[i];
                }
                i++;
            }
        }
        return made;
    }

    /** Codes of 9 to 12 bits, the high bit first, one bit longer one code before it is needed. */
    private int lzw(byte[] packed, int from, int to, int wanted) {
        if (to - from >= 2 && packed[from] == 0 && (packed[from + 1] & 1) != 0) {
            throw directory.error("it has LZW data of the kind before TIFF 5; convert it to PNG");
        }
        int next = END + 1;
        int bits = MIN_BITS;
        int previousStart = 0;
        int previousLength = 0; // 0: none
        int made = 0;
        int i = from;
        int buffer = 0;
        int buffered = 0;
        while (made < wanted) {
            while (buffered < bits) {
                if (i == to) {
                    return made;
                }
                buffer = buffer << 8 | (packed[i++] & 0xFF);
                buffered += 8;
            }
            buffered -= bits;
            int code = buffer >>> buffered & (1 << bits) - 1;
            if (code == END) {
                return made;
            }
            if (code == CLEAR) {
                next = END + 1;
                bits = MIN_BITS;
                previousLength = 0;
                continue;
            }
            if (previousLength > 0 && next < TABLE) {
                starts[next] = previousStart;
                lengths[next++] = previousLength + 1;
            }
            if (code >= next) {
                throw directory.error("its LZW data have a code that means nothing; it is damaged");
            }
            int length = code < CLEAR ? 1 : lengths[code];
            int start = made;
            if (code < CLEAR) {
                samples[made++] = (byte) code;
            } else {
                int end = (int) Math.min((long) made + length, wanted);
                for (int source = starts[code]; made < end; source++) { // may overlap: the entry this code completes
                    samples[made++] = samples[source];
                }
            }
            previousStart = start;
            previousLength = length;
            if (next + 1 >= 1 << bits && bits < MAX_BITS) {
                bits++;
            }
        }
        return made;
    }

    /** Differences to the sample on the left become samples. */
    private void sum(int at, int count) {
        int step = header.chunkSamples();
        if (header.bits() == 8) {
            for (int i = at + step; i < at + count; i++) {
                samples[i] += samples[i - step];
            }
            return;
        }
        ByteBuffer wide = ByteBuffer.wrap(samples).order(directory.byteOrder());
        for (int i = at + 2 * step; i < at + count; i += 2) {
            wide.putShort(i, (short) (wide.getShort(i) + wide.getShort(i - 2 * step)));
        }
    }

    /** Where the high byte of a sample of 16 bits is. */
    int highByte() {
        return directory.byteOrder() == ByteOrder.BIG_ENDIAN ? 0 : 1;
    }
}
