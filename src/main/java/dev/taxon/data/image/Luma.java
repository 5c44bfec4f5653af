package dev.taxon.data.image;

/** Brightness as OpenCV's image codecs compute it: 0.299, 0.587, 0.114 in 14-bit fixed point, rounded. */
final class Luma {
    private static final int BLUE = 1868;
    private static final int GREEN = 9617;
    private static final int RED = 4899;
    private static final int BITS = 14;

    private Luma() {}

    /** 0 to 255, of values 0 to 255. */
    static byte of(int blue, int green, int red) {
        return (byte) ((blue * BLUE + green * GREEN + red * RED + (1 << (BITS - 1))) >> BITS);
    }
}
