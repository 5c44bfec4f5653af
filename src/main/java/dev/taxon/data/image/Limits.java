package dev.taxon.data.image;

import dev.taxon.data.transform.ImageError;

/** How large a picture may be: OpenCV's limits, and those of Java arrays and the heap. */
final class Limits {
    private static final long SIDE = 1 << 20;
    private static final long PIXELS = 1 << 30;
    private static final long ARRAY = Integer.MAX_VALUE - 8;

    private Limits() {}

    /**
     * Refuses a size.
     *
     * @throws ImageError unless each side is from 1 to 2^20 pixels, and their product at most 2^30
     */
    static void check(String name, long width, long height) {
        if (width < 1 || height < 1 || width > SIDE || height > SIDE || width * height > PIXELS) {
            throw new ImageError(
                    name, "it has " + width + "x" + height + " pixels; 1 to 2^20 a side and 2^30 in all are possible");
        }
    }

    /** Room for (height, width, channels), after {@link #check}. */
    static byte[] pixels(String name, int width, int height, int channels) {
        check(name, width, height);
        long bytes = (long) width * height * channels;
        if (bytes > ARRAY) {
            throw new ImageError(name, "its " + width + "x" + height + " pixels do not fit into a Java array");
        }
        try {
            return new byte[(int) bytes];
        } catch (OutOfMemoryError e) {
            throw new ImageError(
                    name,
                    "its " + width + "x" + height + " pixels need more memory than Java may use; give it more by -Xmx,"
                            + " or leave the image out",
                    e);
        }
    }
}
