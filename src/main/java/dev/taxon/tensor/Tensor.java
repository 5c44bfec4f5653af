package dev.taxon.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.AbstractList;

/**
 * A contiguous row-major view of host memory; owns nothing. {@code data} holds exactly {@code shape.numel()}
 * little-endian elements of {@code dtype}, at any alignment.
 */
public record Tensor(DType dtype, Shape shape, MemorySegment data) {
    /** float32 elements at any alignment, little-endian. */
    public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** int64 elements at any alignment, little-endian. */
    public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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

    /** A view of the same elements in the shape (rows, columns); −1 columns are as many as it takes. */
    public Tensor reshape(long rows, long columns) {
        return new Tensor(dtype, Shape.of(rows, columns < 0 ? shape.numel() / Math.max(rows, 1) : columns), data);
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

    /** This tensor if it is float32, else a copy on the heap, rounded to float32; booleans become 0 and 1. */
    public Tensor toFloat32() {
        if (dtype == DType.FLOAT32) {
            return this;
        }
        float[] out = new float[Math.toIntExact(shape.numel())];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) at(i);
        }
        return of(shape, out);
    }

    /** Rounds {@code count} elements from element {@code first} on to float32, into the beginning of {@code to}. */
    public void toFloats(long first, float[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = (float) at(first + i);
        }
    }

    /** A copy of the elements as doubles, whatever the dtype; int64 beyond 2⁵³ is rounded. */
    public double[] toDoubles() {
        double[] out = new double[Math.toIntExact(shape.numel())];
        for (int i = 0; i < out.length; i++) {
            out[i] = at(i);
        }
        return out;
    }

    /**
     * A view of the elements as lists in lists, as numpy's {@code tolist}: Long for integers, Boolean for booleans, else
     * Double. A scalar is its element.
     */
    public Object nested() {
        return nested(0, 0);
    }

    private Object nested(int dimension, long index) {
        if (dimension == shape.rank()) {
            return switch (dtype) {
                case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> at(index);
                case INT64 -> data.get(LONG, 8 * index);
                case INT32, INT16, INT8, UINT8 -> (long) at(index);
                case BOOL -> at(index) != 0;
            };
        }
        int size = shape.size(dimension);
        return new AbstractList<>() {
            @Override
            public Object get(int i) {
                return nested(dimension + 1, index * size + i);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private double at(long i) {
        return switch (dtype) {
            case FLOAT32 -> data.get(FLOAT, 4 * i);
            case FLOAT64 -> data.get(DOUBLE, 8 * i);
            case FLOAT16 -> Float.float16ToFloat(data.get(SHORT, 2 * i));
            case BFLOAT16 -> Float.intBitsToFloat(data.get(SHORT, 2 * i) << 16);
            case INT64 -> data.get(LONG, 8 * i);
            case INT32 -> data.get(INT, 4 * i);
            case INT16 -> data.get(SHORT, 2 * i);
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, i);
            case UINT8 -> data.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            case BOOL -> data.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
        };
    }
}
