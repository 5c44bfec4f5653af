package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Portable bitmaps, graymaps and pixmaps, P1 to P6, of 8 or 16 bits. As OpenCV reads them, binary samples are taken as
 * they are, whatever the greatest value; text is scaled to 255; of 16 bits the high byte is kept. As Pillow reads them, all
 * are scaled to 255 and rounded; but grey of 16 bits is scaled to 65535 and ends at 255.
 */
final class PnmCodec implements Codec {
    private static final int SIGNATURE = 3;
    private static final int MAX_SAMPLE = 65535;

    /** Whose scaling. */
    enum Rule {
        OPENCV,
        PILLOW
    }

    private final Rule rule;

    PnmCodec(Rule rule) {
        this.rule = rule;
    }

    /** What the header says. */
    private record Header(boolean text, boolean bits, int channels, int width, int height, int max) {
        boolean wide() {
            return max > 255;
        }

        /** A sample by Pillow's rule. */
        byte scaled(int value) {
            double full = wide() && channels == 1 ? MAX_SAMPLE : 255;
            return (byte) Math.min(255, Math.rint((double) value / max * full));
        }
    }

    @Override
    public boolean accepts(MemorySegment bytes) {
        return bytes.byteSize() >= SIGNATURE
                && bytes.get(ValueLayout.JAVA_BYTE, 0) == 'P'
                && bytes.get(ValueLayout.JAVA_BYTE, 1) >= '1'
                && bytes.get(ValueLayout.JAVA_BYTE, 1) <= '6'
                && isSpace(bytes.get(ValueLayout.JAVA_BYTE, 2));
    }

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, Decoding how) {
        ColorType type = how.type();
        ByteInput in = new ByteInput(name, bytes);
        Header header = header(in);
        if (type == ColorType.UNCHANGED && header.wide()) {
            throw new ImageError(name, StoredKind.sixteenBits());
        }
        Limits.check(name, header.width, header.height);
        long samples = (long) header.width * header.height * header.channels;
        in.require(header.text ? samples : rowBytes(header) * header.height);
        ChannelOrder order = type.order(header.channels == 1);
        byte[] pixels = Limits.pixels(name, header.width, header.height, order.channels());
        byte[] row = new byte[Math.toIntExact(Math.max(rowBytes(header), (long) header.width * header.channels))];
        for (int y = 0; y < header.height; y++) {
            if (header.text) {
                textRow(in, header, row);
            } else {
                in.read(row, (int) rowBytes(header));
                binaryRow(header, row);
            }
            store(header, row, pixels, y * header.width * order.channels(), order);
        }
        return new Image.Bytes(header.height, header.width, order, pixels);
    }

    private static Header header(ByteInput in) {
        in.skip(1);
        int kind = in.u8() - '0';
        boolean bits = kind == 1 || kind == 4;
        int width = number(in, 0);
        int height = number(in, 0);
        int max = bits ? 1 : number(in, 0);
        if (max < 1 || max > MAX_SAMPLE) {
            throw in.error("its greatest value must be from 1 to 65535, but is " + max);
        }
        return new Header(kind < 4, bits, kind % 3 == 0 ? 3 : 1, width, height, max);
    }

    /** Bytes of a binary row. */
    private static long rowBytes(Header header) {
        return header.bits ? (header.width + 7L) / 8 : (long) header.width * header.channels * (header.wide() ? 2 : 1);
    }

    /** Samples of a row of text, scaled to 255. */
    private void textRow(ByteInput in, Header header, byte[] row) {
        for (int i = 0; i < header.width * header.channels; i++) {
            int read = number(in, header.bits ? 1 : 0);
            int value = Math.min(read, header.max);
            if (rule == Rule.PILLOW && !header.bits) {
                if (read > header.max) {
                    throw in.error("its sample " + read + " is greater than its greatest value " + header.max);
                }
                row[i] = header.scaled(value);
            } else if (header.wide()) {
                row[i] = (byte) (value >> 8);
            } else {
                row[i] = (byte) (header.bits ? 255 - value * 255 : value * 255 / header.max);
            }
        }
    }

    /** A row as it was read becomes bytes, in place: 1 is black in a bitmap, and the high byte comes first. */
    private void binaryRow(Header header, byte[] row) {
        if (header.bits) {
            for (int x = header.width - 1; x >= 0; x--) {
                row[x] = (byte) ((row[x >> 3] >> (7 - (x & 7)) & 1) - 1);
            }
        } else if (rule == Rule.PILLOW && header.max != 255) {
            for (int i = 0; i < header.width * header.channels; i++) {
                row[i] = header.scaled(
                        header.wide() ? (row[2 * i] & 0xFF) << 8 | (row[2 * i + 1] & 0xFF) : row[i] & 0xFF);
            }
        } else if (header.wide()) {
            for (int i = 0; i < header.width * header.channels; i++) {
                row[i] = row[2 * i];
            }
        }
    }

    private static void store(Header header, byte[] row, byte[] pixels, int at, ChannelOrder order) {
        for (int x = 0; x < header.width; x++) {
            int red = x * header.channels;
            int blue = red + header.channels - 1;
            int green = (red + blue) / 2;
            if (order == ChannelOrder.GREY) {
                pixels[at + x] =
                        header.channels == 1 ? row[x] : Luma.of(row[blue] & 0xFF, row[green] & 0xFF, row[red] & 0xFF);
            } else {
                pixels[at + 3 * x] = row[blue];
                pixels[at + 3 * x + 1] = row[green];
                pixels[at + 3 * x + 2] = row[red];
            }
        }
    }

    /**
     * A number in decimal digits and the character behind it, past white space and comments.
     *
     * @param digits how many at most, then no character is read behind them; 0: any
     */
    private static int number(ByteInput in, int digits) {
        int code = in.u8();
        while (!isDigit(code)) {
            if (code == '#') {
                do {
                    code = in.u8();
                } while (code != '\n' && code != '\r');
            } else if (!isSpace(code)) {
                throw in.error(String.format("byte 0x%02x at %d is no part of a number", code, in.position() - 1));
            }
            code = in.u8();
        }
        long value = 0;
        for (int n = 1; ; n++) {
            value = 10 * value + code - '0';
            if (value > Integer.MAX_VALUE) {
                throw in.error("a number before byte " + in.position() + " is too large");
            }
            if (n == digits) {
                return (int) value;
            }
            code = in.u8();
            if (!isDigit(code)) {
                return (int) value;
            }
        }
    }

    private static boolean isDigit(int code) {
        return code >= '0' && code <= '9';
    }

    private static boolean isSpace(int code) {
        return code == ' ' || (code >= '\t' && code <= '\r');
    }
}
