package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;

/**
 * Run lengths of a bitmap, read as OpenCV does: skipped pixels have the palette's first colour; of a move in 4 bits the
 * rows are ignored; the end of a 4-bit bitmap fills its row only.
 */
final class BmpRuns {
    private static final int END_OF_ROW = 0;
    private static final int MOVE = 2;

    private final ByteInput in;
    private final BmpHeader header;
    private final ChannelOrder order;
    private final byte[] pixels;
    private final int width;
    private int x;
    private int y;
    private boolean wrapped; // a run of 8-bit pixels ended with its row, and the row's end mark may follow

    BmpRuns(ByteInput in, BmpHeader header, ChannelOrder order, byte[] pixels) {
        this.in = in;
        this.header = header;
        this.order = order;
        this.pixels = pixels;
        this.width = header.width();
    }

    void read() {
        while (y < header.height()) {
            int count = in.u8();
            int code = in.u8();
            if (count != 0) {
                run(count, code);
            } else if (code > MOVE) {
                literal(code);
            } else if (header.bits() == 4) {
                int skipped = width - x;
                if (code == MOVE) {
                    skipped = in.u8();
                    in.skip(1);
                }
                fill(skipped, 0);
            } else {
                mark(code);
            }
        }
    }

    private void run(int count, int code) {
        requireRoom(count);
        if (header.bits() == 8) {
            int before = y;
            fill(count, code);
            wrapped = y != before;
        } else {
            for (int i = 0; i < count; i++) {
                put(i % 2 == 0 ? code >> 4 : code & 15);
            }
        }
    }

    private void literal(int count) {
        requireRoom(count);
        int bytes = header.bits() == 8 ? count : (count + 1) / 2;
        byte[] indices = new byte[(bytes + 1) / 2 * 2];
        in.read(indices, indices.length);
        for (int i = 0; i < count; i++) {
            put(header.bits() == 8 ? indices[i] & 0xFF : indices[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15);
        }
        wrapped = false;
    }

    /** End of the row, end of the bitmap, or a move, in 8 bits. */
    private void mark(int code) {
        int skipped = width - x;
        if (code != END_OF_ROW || !wrapped || skipped < width) {
            long count = skipped;
            if (code == MOVE) {
                count = in.u8();
                count += (long) in.u8() * width;
            } else if (code != END_OF_ROW) {
                count += (long) (header.height() - y) * width;
            }
            fill(count, 0);
        }
        wrapped = false;
    }

    private void requireRoom(int count) {
        if (x + count > width) {
            throw in.error("a run of " + count + " pixels does not fit into its row " + y);
        }
    }

    private void put(int index) {
        BmpCodec.put(pixels, at(), order, BmpCodec.entry(header, index));
        x++;
    }

    /** Pixels of one colour, on into the next rows; a row that is full gives way to the next, also where none is set. */
    private void fill(long count, int index) {
        long left = count;
        do {
            int now = (int) Math.min(left, width - x);
            left -= now;
            for (int i = 0; i < now; i++) {
                put(index);
            }
            if (x >= width) {
                x = 0;
                y++;
            }
        } while (left > 0 && y < header.height());
    }

    private int at() {
        int row = header.topDown() ? y : header.height() - 1 - y;
        return (row * width + x) * order.channels();
    }
}
