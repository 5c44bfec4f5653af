package dev.taxon.data.transform;

import dev.taxon.data.transform.ColorJitter.Part;
import dev.taxon.random.Rng;

/** Brings an image away from a poorer one of itself, by a factor of 1 + magnitude. Source: mmcv, image/photometric.py. */
enum Enhancement implements Effect {
    COLOR_TRANSFORM,
    CONTRAST,
    BRIGHTNESS,
    SHARPNESS;

    private static final int CENTER = 5; // weight of the pixel itself in the smoothing; each neighbour has 1
    private static final int TOTAL = CENTER + 8;

    @Override
    public boolean needsColors() {
        return this == COLOR_TRANSFORM || this == CONTRAST;
    }

    @Override
    public Image.Bytes apply(Image.Bytes image, double magnitude, Rng rng) {
        double factor = 1 + magnitude;
        return switch (this) {
            case COLOR_TRANSFORM -> ColorJitter.adjust(image, Part.SATURATION, factor);
            case CONTRAST -> ColorJitter.adjust(image, Part.CONTRAST, factor);
            case BRIGHTNESS -> ColorJitter.adjust(image, Part.BRIGHTNESS, factor);
            case SHARPNESS -> sharpened(image, factor);
        };
    }

    /** Away from a smoothed image, whose border mirrors without its edge; a sum in float32, cut off to whole numbers. */
    private static Image.Bytes sharpened(Image.Bytes image, double factor) {
        byte[] from = image.pixels();
        int channels = image.channels();
        int line = image.width() * channels;
        int[] rows = BorderMode.REFLECT.indices(-1, image.height() + 2, image.height());
        int[] cols = BorderMode.REFLECT.indices(-1, image.width() + 2, image.width());
        byte[] out = new byte[from.length];
        for (int i = 0; i < out.length; i++) {
            int y = i / line;
            int x = i % line / channels;
            int c = i % channels;
            int sum = (CENTER - 1) * (from[i] & 0xFF);
            for (int k = 0; k < 9; k++) {
                sum += from[rows[y + k / 3] * line + cols[x + k % 3] * channels + c] & 0xFF;
            }
            int smooth = (2 * sum + TOTAL) / (2 * TOTAL); // rounded; a half cannot be, since TOTAL is odd
            out[i] = (byte) Math.clamp((float) ((from[i] & 0xFF) * factor + smooth * (1 - factor)), 0f, 255f);
        }
        return new Image.Bytes(image.height(), image.width(), image.order(), out);
    }
}
