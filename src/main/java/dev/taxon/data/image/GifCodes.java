package dev.taxon.data.image;

/** Palette indices out of the LZW codes of a GIF frame. Source: GIF89a, appendix F. */
final class GifCodes {
    private static final int MAX_BITS = 12;
    private static final int TABLE = 1 << MAX_BITS;
    private static final int NONE = -1;

    private final ByteInput in;
    private final int clear;
    private final int rootBits;
    private final short[] prefix = new short[TABLE];
    private final byte[] suffix = new byte[TABLE];
    private final byte[] pending = new byte[TABLE + 1]; // of the last code, its first index on top
    private int pendingCount;
    private int blockLeft;
    private int buffer;
    private int buffered; // bits
    private int bits;
    private int next; // the table's first free code
    private int previous = NONE;
    private int first; // index of the previous code

    /** Begins at the code size, which precedes the data. */
    GifCodes(ByteInput in) {
        this.in = in;
        rootBits = in.u8();
        if (rootBits < 1 || rootBits > 8) {
            throw in.error("its frame has codes of " + rootBits + " bits");
        }
        clear = 1 << rootBits;
        for (int i = 0; i < clear; i++) {
            suffix[i] = (byte) i;
        }
        reset();
    }

    private void reset() {
        bits = rootBits + 1;
        next = clear + 2;
        previous = NONE;
    }

    /** Fills a row. */
    void read(byte[] row) {
        for (int i = 0; i < row.length; ) {
            while (pendingCount > 0 && i < row.length) {
                row[i++] = pending[--pendingCount];
            }
            if (i < row.length) {
                expand(code());
            }
        }
    }

    private void expand(int code) {
        if (code == clear) {
            reset();
            return;
        }
        if (code == clear + 1) {
            throw in.error("its frame ends too early");
        }
        if (code > next || (code == next && previous == NONE) || (previous == NONE && code > clear)) {
            throw in.error("its frame has a code that means nothing; it is damaged");
        }
        int walk = code;
        if (code == next) { // the entry that this code itself completes
            pending[pendingCount++] = (byte) first;
            walk = previous;
        }
        while (walk >= clear) {
            pending[pendingCount++] = suffix[walk];
            walk = prefix[walk];
        }
        first = walk;
        pending[pendingCount++] = (byte) walk;
        if (previous != NONE && next < TABLE) {
            prefix[next] = (short) previous;
            suffix[next] = (byte) first;
            next++;
            if (next == 1 << bits && bits < MAX_BITS) {
                bits++;
            }
        }
        previous = code;
    }

    private int code() {
        while (buffered < bits) {
            if (blockLeft == 0) {
                blockLeft = in.u8();
                if (blockLeft == 0) {
                    throw in.error("its frame ends too early");
                }
            }
            buffer |= in.u8() << buffered;
            buffered += 8;
            blockLeft--;
        }
        int code = buffer & ((1 << bits) - 1);
        buffer >>>= bits;
        buffered -= bits;
        return code;
    }
}
