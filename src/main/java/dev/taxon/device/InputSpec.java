package dev.taxon.device;

import dev.taxon.tensor.Shape;

/**
 * What a program wants in its input segment: {@code batch} float32 samples of {@code shape} (C, H, W) or (features),
 * each already normalized, in {@code layout}.
 */
public record InputSpec(int batch, Shape shape, Layout layout) {
    /** Order of the elements of an image batch; the same for inputs that are no images. */
    public enum Layout {
        NCHW,
        NHWC
    }

    /** Size of the whole batch in bytes. */
    public long byteSize() {
        return batch * shape.numel() * Float.BYTES;
    }
}
