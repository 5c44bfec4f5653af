package dev.taxon.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A contiguous row-major view of host memory; owns nothing. {@code data} holds exactly {@code shape.numel()}
 * little-endian elements of {@code dtype}, at any alignment.
 */
public record Tensor(DType dtype, Shape shape, MemorySegment data) {
    /** float32 elements at any alignment, little-endian. */
    public static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** int64 elements at any alignment, little-endian. */
    public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public Tensor {
        long bytes = shape.numel() * dtype.bytes();
        if (data.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    "a " + dtype + " tensor of shape " + shape + " takes " + bytes + " bytes, got " + data.byteSize());
        }
    }

    /** A float32 tensor over {@code values} (shared, not copied). */
    public static Tensor of(Shape shape, float... values) {
        return new Tensor(DType.FLOAT32, shape, MemorySegment.ofArray(values));
    }

    /** A scalar int64 tensor, such as {@code num_batches_tracked}. */
    public static Tensor ofLong(long value) {
        return new Tensor(DType.INT64, Shape.SCALAR, MemorySegment.ofArray(new long[] {value}));
    }

    /** A copy of the elements. @throws IllegalStateException if this is not float32 */
    public float[] toFloats() {
        if (dtype != DType.FLOAT32) {
            throw new IllegalStateException("expected FLOAT32, got " + dtype);
        }
        float[] out = new float[Math.toIntExact(shape.numel())];
        MemorySegment.copy(data, FLOAT, 0, out, 0, out.length);
        return out;
    }
}
