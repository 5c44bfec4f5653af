package dev.taxon.data.source;

import dev.taxon.UserError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** Many names in little memory: one block of UTF-8, and where each one ends. Immutable. */
public final class Names {
    /** Python's order of strings: by code points. */
    public static final Comparator<String> ORDER =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private final byte[] utf8;
    private final int[] ends;

    private Names(byte[] utf8, int[] ends) {
        this.utf8 = utf8;
        this.ends = ends;
    }

    public int size() {
        return ends.length;
    }

    public String get(int index) {
        return new String(utf8, start(index), ends[index] - start(index), StandardCharsets.UTF_8);
    }

    /** Bytes of a name. */
    public int length(int index) {
        return ends[index] - start(index);
    }

    /**
     * Copies a name of ASCII, whose bytes are the same in every encoding of paths.
     *
     * @return the place in {@code to} behind it; −1 for a name with other characters
     */
    public int copyAscii(int index, MemorySegment to, int at) {
        int from = start(index);
        for (int i = from; i < ends[index]; i++) {
            if (utf8[i] <= 0) {
                return -1;
            }
            to.set(ValueLayout.JAVA_BYTE, at + i - from, utf8[i]);
        }
        return at + ends[index] - from;
    }

    /** Compares two of these names, as {@link #ORDER} does. */
    public int compare(int a, int b) {
        return Arrays.compareUnsigned(utf8, start(a), ends[a], utf8, start(b), ends[b]);
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** Collects names in order. */
    public static final class Builder {
        private static final int MOST = Integer.MAX_VALUE - 64;

        private byte[] utf8 = new byte[1 << 12];
        private int[] ends = new int[1 << 8];
        private int bytes;
        private int count;

        public int size() {
            return count;
        }

        /** Adds a name behind the others. */
        public void add(String name) {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            long needed = (long) bytes + text.length;
            UserError.require(needed <= MOST, "a list of more than %d MB of names is too long", MOST >> 20);
            if (needed > utf8.length) {
                utf8 = Arrays.copyOf(utf8, (int) Math.min(MOST, Math.max(needed, 2L * utf8.length)));
            }
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * count);
            }
            System.arraycopy(text, 0, utf8, bytes, text.length);
            bytes += text.length;
            ends[count++] = bytes;
        }

        public Names build() {
            return new Names(Arrays.copyOf(utf8, bytes), Arrays.copyOf(ends, count));
        }
    }
}
