package dev.taxon.data.transform;

/** A part of an image, in pixels. */
public record Window(int top, int left, int height, int width) {
    /** A copy of this part. */
    Image cut(Image image) {
        return image.gather(Gather.of(Gather.range(top, height), Gather.range(left, width)));
    }
}
