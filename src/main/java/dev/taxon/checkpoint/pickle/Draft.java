package dev.taxon.checkpoint.pickle;

import dev.taxon.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the unpickler's stack holds besides plain data; {@link Tree} turns it into plain data once the pickle is read. */
public sealed interface Draft {
    /** A name on the allow-list. It stands for itself, and cannot be called. */
    record Constant(String name) implements Draft {}

    /** A name on the allow-list that a pickle may call; {@code call} makes plain data or another draft. */
    record Function(String name, Call call) implements Draft {}

    /** The class of a storage; {@code dtype} is UINT8 for an untyped one. */
    record StorageType(DType dtype) implements Draft {}

    /** A torch.dtype. */
    record ElementType(String name, DType dtype) implements Draft {}

    /**
     * Elements that lie outside the pickle.
     *
     * @param numel elements of the whole storage
     * @param viewOffset element where this view of the storage starts (legacy files); 0 otherwise
     */
    record StorageRef(String key, DType dtype, long numel, long viewOffset) implements Draft {}

    /** A tensor over a storage: offset and strides in elements, checked against the storage's size. */
    record TensorRef(StorageRef storage, DType dtype, long offset, List<Long> shape, List<Long> stride)
            implements Draft {}

    /** A Python 2 string too long to decode before it is known whether it is text or the bytes of an array. */
    record RawString(MemorySegment bytes) implements Draft {}

    /** A numpy.dtype under construction. */
    final class NumpyType implements Draft {
        final DType dtype;
        boolean bigEndian;

        NumpyType(DType dtype, boolean bigEndian) {
            this.dtype = dtype;
            this.bigEndian = bigEndian;
        }
    }

    /** A numpy.ndarray under construction; {@code dtype} and {@code bytes} come with its state. */
    final class NumpyArray implements Draft {
        @Nullable
        NumpyType dtype;

        long[] shape = {0};
        boolean fortran;
        byte[] bytes = {};
    }

    /** The body of a {@link Function}. */
    @FunctionalInterface
    interface Call {
        @Nullable
        Object apply(Args args);
    }
}
