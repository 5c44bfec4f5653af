package dev.taxon.data.image;

/**
 * Why {@code color_type='unchanged'} cannot give what a file stores: images here have 8 bits in one or three channels, since
 * no step of a pipeline could go on with others. Normalize has three means, resizing and colours want uint8.
 */
final class StoredKind {
    private StoredKind() {}

    static String sixteenBits() {
        return "it stores 16 bits a channel; color_type='unchanged' would keep them, but the steps of a pipeline take 8;"
                + " take 'color' or 'grayscale'";
    }

    static String cmyk() {
        return "it stores CMYK; color_type='unchanged' would make four channels, but Normalize and its like take one or three;"
                + " take 'color' or 'grayscale'";
    }

    static String alpha() {
        return "it stores alpha; color_type='unchanged' would keep it, but Normalize and its like take one or three channels;"
                + " take 'color' or 'grayscale'";
    }
}
