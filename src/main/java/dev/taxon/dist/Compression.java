package dev.taxon.dist;

/** The number format in which gradients travel; they are summed in float32 all the same. Source: PyTorch's DDP communication hooks. */
public enum Compression {
    NONE(Float.BYTES, -1),
    FP16(Short.BYTES, 0),
    BF16(Short.BYTES, 1);

    private final int bytes;
    private final int format; // enum taxon_half_format

    Compression(int bytes, int format) {
        this.bytes = bytes;
        this.format = format;
    }

    /** Bytes of an element on its way. */
    int bytes() {
        return bytes;
    }

    int format() {
        return format;
    }
}
