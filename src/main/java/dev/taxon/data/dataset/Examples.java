package dev.taxon.data.dataset;

import dev.taxon.data.transform.Image;
import java.util.List;

/** What a data set's files hold: images and, in the same order, class indices. */
@SuppressWarnings("ArrayRecordComponent") // handed on once, not compared
record Examples(List<Image.Bytes> images, int[] labels) {
    /** Bytes as numbers in [0, 256). */
    static int[] unsigned(byte[] bytes) {
        int[] out = new int[bytes.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = bytes[i] & 0xFF;
        }
        return out;
    }
}
