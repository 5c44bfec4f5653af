package dev.taxon.data.transform;

import org.jspecify.annotations.Nullable;

/** A way to bring an image to another size: a backend of mmcls and its {@code interpolation}. */
public sealed interface Scaler permits Resize.Interpolation, PillowFilter {
    /**
     * The input index that each output index along a side is a copy of; null where values are blended.
     *
     * @return (output)
     */
    default int @Nullable [] picks(int input, int output) {
        return null;
    }

    /** The image at {@code height} × {@code width}. */
    Image resize(Image image, int height, int width);
}
