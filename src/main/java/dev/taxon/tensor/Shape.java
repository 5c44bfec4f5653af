package dev.taxon.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Extents of a tensor, outermost first; no dimensions is a scalar. Immutable. */
public final class Shape {
    public static final Shape SCALAR = new Shape();

    private final long[] dims;

    private Shape(long... dims) {
        for (long d : dims) {
            if (d < 0) {
                throw new IllegalArgumentException("negative extent in " + Arrays.toString(dims));
            }
        }
        this.dims = dims;
    }

    public static Shape of(long... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    public int rank() {
        return dims.length;
    }

    /** Extent of dimension {@code i}; a negative index counts from the last, as in PyTorch. */
    public long dim(int i) {
        return dims[i < 0 ? dims.length + i : i];
    }

    /** {@link #dim} as an int. @throws ArithmeticException if it does not fit */
    public int size(int i) {
        return Math.toIntExact(dim(i));
    }

    public long[] dims() {
        return dims.clone();
    }

    /** Number of elements. */
    public long numel() {
        long n = 1;
        for (long d : dims) {
            n = Math.multiplyExact(n, d);
        }
        return n;
    }

    /** This shape with {@code n} as a new outermost dimension. */
    public Shape withBatch(long n) {
        long[] batched = new long[dims.length + 1];
        batched[0] = n;
        System.arraycopy(dims, 0, batched, 1, dims.length);
        return new Shape(batched);
    }

    public List<Long> toList() {
        return Arrays.stream(dims).boxed().toList();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** As PyTorch prints it: {@code (64, 3, 7, 7)}, {@code (64,)}, {@code ()}. */
    @Override
    public String toString() {
        String inner = Arrays.stream(dims).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return "(" + inner + (dims.length == 1 ? ",)" : ")");
    }
}
