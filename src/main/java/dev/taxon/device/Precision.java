package dev.taxon.device;

/** How a device multiplies. Sums, and what is stored, are float32 with both. */
public enum Precision {
    /** Products of float32. */
    FLOAT32,
    /** On GPUs from Ampere on, tensor cores, whose factors have 10 bits of mantissa. Elsewhere as FLOAT32. */
    TF32
}
