package dev.taxon.data.transform;

import static dev.taxon.UserError.require;

/**
 * What is made of an image file.
 *
 * @param backend whose pixels they are
 * @param type colours and orientation
 * @param jpegShortSide 0: full size; else a JPEG comes smaller by 2, 4 or 8, the largest of them that leaves so many
 *     pixels to the short side: the inverse DCT computes fewer pixels, which is faster and gives other numbers than
 *     resizing would
 * @param keepTruncated a JPEG that ends too early is the picture that OpenCV makes of it, whose last whole row is repeated;
 *     else an error
 */
public record Decoding(Backend backend, ColorType type, int jpegShortSide, boolean keepTruncated) {
    /** Libraries whose pixels are made: mmcv's image backends. */
    public enum Backend {
        CV2,
        PILLOW
    }

    private static final int MOST_SCALE = 8;

    public Decoding {
        require(jpegShortSide >= 0, "jpeg_short_side must not be negative, got %d", jpegShortSide);
    }

    /** As OpenCV decodes by itself. */
    public static Decoding of(ColorType type) {
        return new Decoding(Backend.CV2, type, 0, false);
    }

    /** 1, 2, 4 or 8: by what a JPEG of that size is made smaller. */
    public int scale(int width, int height) {
        int scale = 1;
        int side = Math.min(width, height);
        while (jpegShortSide > 0 && scale < MOST_SCALE && Math.ceilDiv(side, 2 * scale) >= jpegShortSide) {
            scale *= 2;
        }
        return scale;
    }
}
