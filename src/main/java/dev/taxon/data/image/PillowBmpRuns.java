package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;

/**
 * A bitmap of run lengths, read as Pillow 9.4 does: the pixels are one line of which each row takes its part; a run ends with
 * its row; of literal 4-bit pixels an odd last one is left out; a move stands two bytes behind its mark.
 */
final class PillowBmpRuns {
    private static final int END_OF_ROW = 0;
    private static final int END = 1;
    private static final int MOVE = 2;

    private final ByteInput in;
    private final BmpHeader header;
    private final byte[] indices; // (height, width), the first row of the file first
    private long made; // may be past the end, where nothing is kept

    private PillowBmpRuns(ByteInput in, BmpHeader header, byte[] indices) {
        this.in = in;
        this.header = header;
        this.indices = indices;
    }

    /** The picture, BGR. */
    static Image.Bytes decode(String name, ByteInput in, BmpHeader header) {
        byte[] indices = Limits.pixels(name, header.width(), header.height(), 1);
        byte[] pixels = Limits.pixels(name, header.width(), header.height(), 3);
        in.seek(header.offset());
        new PillowBmpRuns(in, header, indices).read();
        for (int i = 0; i < indices.length; i++) {
            int y = i / header.width();
            int target = (header.topDown() ? y : header.height() - 1 - y) * header.width() + i % header.width();
            BmpCodec.put(pixels, 3 * target, ChannelOrder.BGR, BmpCodec.entry(header, indices[i] & 0xFF));
        }
        return new Image.Bytes(header.height(), header.width(), ChannelOrder.BGR, pixels);
    }

    private void read() {
        int width = header.width();
        boolean four = header.bits() == 4;
        long x = 0;
        while (made < indices.length) {
            int count = in.u8();
            int code = in.u8();
            if (count > 0) {
                int fit = Math.clamp(width - x, 0, count);
                for (int i = 0; i < fit; i++) {
                    put(!four ? code : i % 2 == 0 ? code >> 4 : code & 15);
                }
                x += fit;
                continue;
            }
            switch (code) {
                case END_OF_ROW -> {
                    made = (made + width - 1) / width * width;
                    x = 0;
                }
                case END -> throw in.error("its run lengths end after " + made + " of " + indices.length + " pixels");
                case MOVE -> {
                    in.skip(2);
                    made += in.u8();
                    made += (long) in.u8() * width;
                    x = made % width;
                }
                default -> {
                    for (int i = 0; i < (four ? code / 2 : code); i++) {
                        int index = in.u8();
                        put(four ? index >> 4 : index);
                        if (four) {
                            put(index & 15);
                        }
                    }
                    x += code;
                    in.skip(in.position() % 2);
                }
            }
        }
    }

    private void put(int index) {
        if (made < indices.length) {
            indices[(int) made] = (byte) index;
        }
        made++;
    }
}
