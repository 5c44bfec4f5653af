package dev.taxon.data.transform;

/** A way to bring an image to another size: a backend of mmcls and its {@code interpolation}. */
public sealed interface Scaler permits Resize.Interpolation, PillowFilter {
    /** The image at {@code height} × {@code width}. */
    Image resize(Image image, int height, int width);
}
