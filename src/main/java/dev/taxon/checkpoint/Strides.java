package dev.taxon.checkpoint;

import dev.taxon.checkpoint.pickle.Draft.TensorRef;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Contiguous little-endian tensors from storages with offsets, strides and either byte order. */
final class Strides {
    private Strides() {}

    /**
     * A view of {@code storage} where its elements already lie in order, else a copy.
     *
     * @param storage the whole storage's bytes; {@code ref} has been checked against its size
     */
    static Tensor contiguous(TensorRef ref, MemorySegment storage, boolean bigEndian, Budget memory) {
        long[] dims = ref.shape().stream().mapToLong(Long::longValue).toArray();
        Shape shape = Shape.of(dims);
        int size = ref.dtype().bytes();
        long start = (ref.offset() + ref.storage().viewOffset()) * size;
        boolean swap = bigEndian && size > 1;
        if (shape.numel() == 0) {
            return new Tensor(ref.dtype(), shape, MemorySegment.ofArray(new byte[0]));
        }
        if (!swap && isContiguous(dims, ref.stride())) {
            return new Tensor(ref.dtype(), shape, storage.asSlice(start, shape.numel() * size));
        }
        MemorySegment out = memory.allocate(shape.numel() * size);
        long[] index = new long[dims.length];
        long from = start;
        for (long to = 0; to < out.byteSize(); to += size) {
            copy(storage, from, out, to, size, swap);
            for (int d = dims.length - 1; d >= 0; d--) {
                long step = ref.stride().get(d) * size;
                from += step;
                if (++index[d] < dims[d]) {
                    break;
                }
                from -= dims[d] * step;
                index[d] = 0;
            }
        }
        return new Tensor(ref.dtype(), shape, out);
    }

    private static void copy(MemorySegment src, long from, MemorySegment dst, long to, int size, boolean swap) {
        if (swap) {
            for (int b = 0; b < size; b++) {
                dst.set(ValueLayout.JAVA_BYTE, to + b, src.get(ValueLayout.JAVA_BYTE, from + size - 1 - b));
            }
            return;
        }
        switch (size) {
            case 4 -> dst.set(ValueLayout.JAVA_INT_UNALIGNED, to, src.get(ValueLayout.JAVA_INT_UNALIGNED, from));
            case 8 -> dst.set(ValueLayout.JAVA_LONG_UNALIGNED, to, src.get(ValueLayout.JAVA_LONG_UNALIGNED, from));
            case 2 -> dst.set(ValueLayout.JAVA_SHORT_UNALIGNED, to, src.get(ValueLayout.JAVA_SHORT_UNALIGNED, from));
            default -> dst.set(ValueLayout.JAVA_BYTE, to, src.get(ValueLayout.JAVA_BYTE, from));
        }
    }

    /** PyTorch's rule: the stride of a dimension of one element does not matter. */
    private static boolean isContiguous(long[] dims, List<Long> stride) {
        long expected = 1;
        for (int d = dims.length - 1; d >= 0; d--) {
            if (dims[d] != 1 && stride.get(d) != expected) {
                return false;
            }
            expected *= dims[d];
        }
        return true;
    }
}
