package dev.taxon.device;

/** How a device multiplies. Sums, and what is stored between layers, are float32 with all. */
public enum Precision {
    /** Products of float32. */
    FLOAT32,
    /** On GPUs from Ampere on, tensor cores, whose factors have 10 bits of mantissa. Elsewhere as FLOAT32. */
    TF32,
    /**
     * In training, factors and results of convolutions and factors of linear layers are rounded to IEEE's half format, 10 bits
     * of mantissa and 5 of exponent. Everything else, evaluation too, is as with FLOAT32.
     */
    FP16,
    /** The same with bfloat16: 7 bits of mantissa, float32's 8 of exponent. */
    BF16;

    /** Whether training multiplies in a format of 16 bits. */
    public boolean isHalf() {
        return this == FP16 || this == BF16;
    }
}
