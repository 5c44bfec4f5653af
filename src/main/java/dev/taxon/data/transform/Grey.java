package dev.taxon.data.transform;

import dev.taxon.UserError;

/** Brightness of uint8 pixels. Source: OpenCV, COLOR_RGB2GRAY: 0.299, 0.587, 0.114 in 15-bit fixed point. */
public final class Grey {
    private Grey() {}

    /**
     * One value a pixel.
     *
     * @param red which of the three channels counts as red; blue is the one opposite
     * @return (H, W)
     */
    public static byte[] of(Image.Bytes image, int red) {
        byte[] from = image.pixels();
        byte[] out = new byte[from.length / 3];
        for (int i = 0; i < out.length; i++) {
            int r = from[3 * i + red] & 0xFF;
            int g = from[3 * i + 1] & 0xFF;
            int b = from[3 * i + 2 - red] & 0xFF;
            out[i] = (byte) ((9798 * r + 19235 * g + 3735 * b + (1 << 14)) >> 15);
        }
        return out;
    }

    /** Each value three times. */
    static byte[] repeated(byte[] grey) {
        byte[] out = new byte[grey.length * 3];
        for (int i = 0; i < out.length; i++) {
            out[i] = grey[i / 3];
        }
        return out;
    }

    /** The uint8 colour image that a transform of colours needs. */
    static Image.Bytes colors(Sample sample, String transform) {
        if (sample.pixels() instanceof Image.Bytes bytes && bytes.channels() == 3) {
            return bytes;
        }
        throw UserError.of(
                "%s: %s needs a colour image of uint8; put it before Normalize, and leave to_float32 off",
                sample.name(), transform);
    }
}
