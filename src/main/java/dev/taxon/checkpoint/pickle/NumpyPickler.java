package dev.taxon.checkpoint.pickle;

import dev.taxon.tensor.DType;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree whose tensors are numpy arrays, so that Python's plain {@code pickle.load} reads it (protocol 4: Python 3.4
 * and later; numpy 1 and 2). Arrays may be of any size: they are not copied.
 */
public final class NumpyPickler extends Pickler {
    private static final int PROTOCOL = 4; // the first with byte strings of 4 GiB and more

    private final List<MemorySegment> pieces = new ArrayList<>();

    private NumpyPickler() {
        super(false, PROTOCOL);
    }

    /** The pickle of {@code root} in pieces, one behind the other. @throws IllegalArgumentException as {@link Pickler#dump} */
    public static List<MemorySegment> pieces(@Nullable Object root) {
        NumpyPickler pickler = new NumpyPickler();
        byte[] last = pickler.write(root);
        pickler.pieces.add(MemorySegment.ofArray(last));
        return pickler.pieces;
    }

    /** {@code ndarray.__reduce__}: an empty array, and its state. */
    @Override
    void tensor(Tensor tensor) {
        global("numpy.core.multiarray", "_reconstruct");
        global("numpy", "ndarray");
        tuple(List.of(0L), 0);
        op(Op.SHORT_BINBYTES);
        op(1);
        op('b');
        op(Op.TUPLE3);
        op(Op.REDUCE);
        op(Op.MARK);
        integer(1); // version of the state
        tuple(tensor.shape().toList(), 0);
        dtype(tensor.dtype());
        op(Op.NEWFALSE); // in C order
        data(tensor.data());
        op(Op.TUPLE);
        op(Op.BUILD);
    }

    private void dtype(DType dtype) {
        global("numpy", "dtype");
        text(NumpyNames.code(dtype));
        op(Op.NEWFALSE); // align
        op(Op.NEWTRUE); // copy
        op(Op.TUPLE3);
        op(Op.REDUCE);
        op(Op.MARK);
        integer(3); // version of the state
        text(dtype.bytes() == 1 ? "|" : "<");
        op(Op.NONE); // subarray, names, fields
        op(Op.NONE);
        op(Op.NONE);
        integer(-1); // size and alignment: the type's own
        integer(-1);
        integer(0); // flags
        op(Op.TUPLE);
        op(Op.BUILD);
    }

    private void data(MemorySegment data) {
        op(Op.BINBYTES8);
        raw(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.byteSize())
                .array());
        pieces.add(MemorySegment.ofArray(taken()));
        pieces.add(data);
    }
}
