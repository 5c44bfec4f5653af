package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Windows bitmaps of 1, 4, 8, 16, 24 and 32 bits, with and without run lengths. */
final class BmpCodec implements Codec {
    @Override
    public boolean accepts(MemorySegment bytes) {
        return bytes.byteSize() >= 2
                && bytes.get(ValueLayout.JAVA_BYTE, 0) == 'B'
                && bytes.get(ValueLayout.JAVA_BYTE, 1) == 'M';
    }

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, Decoding how) {
        ColorType type = how.type();
        ByteInput in = new ByteInput(name, bytes);
        BmpHeader header = BmpHeader.read(in);
        if (type == ColorType.UNCHANGED && header.alpha()) {
            throw new ImageError(name, StoredKind.alpha());
        }
        Limits.check(name, header.width(), header.height());
        ChannelOrder order = type.order(header.grey());
        in.seek(header.offset());
        in.require(header.run() ? 2 : header.rowBytes() * header.height());
        byte[] pixels = Limits.pixels(name, header.width(), header.height(), order.channels());
        if (header.run()) {
            new BmpRuns(in, header, order, pixels).read();
        } else {
            byte[] row = new byte[(int) header.rowBytes()];
            for (int y = 0; y < header.height(); y++) {
                in.read(row, row.length);
                int target = header.topDown() ? y : header.height() - 1 - y;
                store(header, row, pixels, target * header.width() * order.channels(), order);
            }
        }
        return new Image.Bytes(header.height(), header.width(), order, pixels);
    }

    private static void store(BmpHeader header, byte[] row, byte[] pixels, int at, ChannelOrder order) {
        for (int x = 0; x < header.width(); x++) {
            int color = color(header, row, x);
            put(pixels, at + x * order.channels(), order, color);
        }
    }

    /** Blue, green, red from the low byte on. */
    private static int color(BmpHeader header, byte[] row, int x) {
        return switch (header.bits()) {
            case 1 -> entry(header, row[x >> 3] >> (7 - (x & 7)) & 1);
            case 4 -> entry(header, row[x >> 1] >> (x % 2 == 0 ? 4 : 0) & 15);
            case 8 -> entry(header, row[x] & 0xFF);
            case 15 -> {
                int v = (row[2 * x] & 0xFF) | ((row[2 * x + 1] & 0xFF) << 8);
                yield ((v << 3) & 0xF8) | (((v >> 2) & 0xF8) << 8) | (((v >> 7) & 0xF8) << 16);
            }
            case 16 -> {
                int v = (row[2 * x] & 0xFF) | ((row[2 * x + 1] & 0xFF) << 8);
                yield ((v << 3) & 0xF8) | (((v >> 3) & 0xFC) << 8) | (((v >> 8) & 0xF8) << 16);
            }
            default -> bytes(row, x * header.bits() / 8);
        };
    }

    /** A palette's entry. */
    static int entry(BmpHeader header, int index) {
        return bytes(header.palette(), index * 3);
    }

    private static int bytes(byte[] bgr, int at) {
        return (bgr[at] & 0xFF) | ((bgr[at + 1] & 0xFF) << 8) | ((bgr[at + 2] & 0xFF) << 16);
    }

    static void put(byte[] pixels, int at, ChannelOrder order, int color) {
        if (order == ChannelOrder.GREY) {
            pixels[at] = Luma.of(color & 0xFF, color >> 8 & 0xFF, color >> 16);
        } else {
            pixels[at] = (byte) color;
            pixels[at + 1] = (byte) (color >> 8);
            pixels[at + 2] = (byte) (color >> 16);
        }
    }
}
