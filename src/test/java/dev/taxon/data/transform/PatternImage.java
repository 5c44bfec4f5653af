package dev.taxon.data.transform;

/** A colour image by formula, for goldens that are too large to keep; the scripts in scripts/golden make the same one. */
final class PatternImage {
    private PatternImage() {}

    static Image.Bytes of(int height, int width) {
        byte[] pixels = new byte[height * width * 3];
        for (int i = 0; i < pixels.length; i++) {
            int x = i / 3 % width;
            int y = i / 3 / width;
            pixels[i] = (byte) (x * 7 + y * 13 + i % 3 * 50 + x * y / 31);
        }
        return new Image.Bytes(height, width, ChannelOrder.BGR, pixels);
    }
}
