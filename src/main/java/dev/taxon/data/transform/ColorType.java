package dev.taxon.data.transform;

/**
 * What is made of an image file: mmcls's {@code color_type}. Source: mmcv 1.7 {@code mmcv.imread}, whose flags are those
 * of OpenCV's imdecode.
 *
 * @see ImageDecoder
 */
public enum ColorType {
    /** BGR, upright. */
    COLOR(true),
    /** One channel, upright. */
    GRAYSCALE(true),
    /** As stored: one channel or BGR, not turned. */
    UNCHANGED(false),
    /** BGR, not turned. */
    COLOR_IGNORE_ORIENTATION(false),
    /** One channel, not turned. */
    GRAYSCALE_IGNORE_ORIENTATION(false);

    private final boolean upright;

    ColorType(boolean upright) {
        this.upright = upright;
    }

    /** Whether the picture is turned as its EXIF orientation says. */
    public boolean upright() {
        return upright;
    }

    /**
     * The channels of the result.
     *
     * @param storesGrey whether the file stores one channel
     */
    public ChannelOrder order(boolean storesGrey) {
        return switch (this) {
            case COLOR, COLOR_IGNORE_ORIENTATION -> ChannelOrder.BGR;
            case GRAYSCALE, GRAYSCALE_IGNORE_ORIENTATION -> ChannelOrder.GREY;
            case UNCHANGED -> storesGrey ? ChannelOrder.GREY : ChannelOrder.BGR;
        };
    }
}
