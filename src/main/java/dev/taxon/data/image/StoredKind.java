package dev.taxon.data.image;

/** Why {@code color_type='unchanged'} cannot give what a file stores: images here have 8 bits in one or three channels. */
final class StoredKind {
    private StoredKind() {}

    static String sixteenBits() {
        return "it stores 16 bits a channel, which color_type='unchanged' would keep; take 'color' or 'grayscale'";
    }

    static String alpha() {
        return "it stores alpha, which color_type='unchanged' would keep; take 'color' or 'grayscale'";
    }
}
