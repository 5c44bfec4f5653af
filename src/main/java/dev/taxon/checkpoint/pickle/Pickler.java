package dev.taxon.checkpoint.pickle;

import dev.taxon.tensor.DType;
import dev.taxon.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree as a pickle, the way torch.save does (protocol 2): a tensor becomes a call of _rebuild_tensor_v2 over a
 * storage of its own, whose elements the caller writes elsewhere; or as {@link NumpyPickler} does. Equal trees give equal
 * bytes. Takes {@code null},
 * Boolean, Byte to Long, BigInteger, Float, Double, String, byte[], Map, List, Set, {@link Tuple}, {@link OrderedDict}
 * and {@link Tensor}.
 */
public sealed class Pickler permits NumpyPickler {
    private static final int MAX_DEPTH = 2 * Tree.MAX_DEPTH; // attributes of dicts count here: all that was read fits
    private static final int BATCH = 1000; // items between MARK and SETITEMS, as in Python

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
    private final Map<String, Integer> memo = new HashMap<>();
    private final List<Tensor> storages = new ArrayList<>();
    private final boolean legacy;
    private final int protocol;

    /** @param legacy writes persistent ids as files before PyTorch 1.6 have them */
    public Pickler(boolean legacy) {
        this(legacy, 2);
    }

    Pickler(boolean legacy, int protocol) {
        this.legacy = legacy;
        this.protocol = protocol;
    }

    /** The pickle of {@code root}. @throws IllegalArgumentException for a value of another type, or a cycle */
    public static byte[] dump(@Nullable Object root) {
        return new Pickler(false).write(root);
    }

    /** As {@link #dump}; afterwards {@link #storages} holds what the pickle refers to. For one use. */
    public byte[] write(@Nullable Object root) {
        out.write(Op.PROTO);
        out.write(protocol);
        value(root, 0);
        out.write(Op.STOP);
        return taken();
    }

    /** What was written since the last call. */
    byte[] taken() {
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }

    void op(int op) {
        out.write(op);
    }

    void raw(byte[] bytes) {
        out.writeBytes(bytes);
    }

    /** Tensors in the order of their storage keys "0", "1", … */
    public List<Tensor> storages() {
        return storages;
    }

    private void value(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("containers nested more than " + MAX_DEPTH + " deep");
        }
        switch (value) {
            case null -> out.write(Op.NONE);
            case Boolean b -> out.write(b ? Op.NEWTRUE : Op.NEWFALSE);
            case Float f -> real(f);
            case Double d -> real(d);
            case BigInteger n -> integer(n);
            case Number n
            when n instanceof Long || n instanceof Integer || n instanceof Short || n instanceof Byte ->
                integer(n.longValue());
            case String s -> text(s);
            case byte[] bytes -> bytes(bytes);
            case Tensor tensor -> tensor(tensor);
            case OrderedDict dict -> orderedDict(dict, depth);
            case Map<?, ?> map -> {
                out.write(Op.EMPTY_DICT);
                items(map, depth);
            }
            case Tuple tuple -> tuple(tuple, depth);
            case List<?> list -> list(list, depth);
            case Set<?> set -> {
                global("__builtin__", "set");
                list(new ArrayList<>(set), depth);
                out.write(Op.TUPLE1);
                out.write(Op.REDUCE);
            }
            default ->
                throw new IllegalArgumentException(
                        "a checkpoint cannot hold a " + value.getClass().getName());
        }
    }

    private void orderedDict(OrderedDict dict, int depth) {
        emptyOrderedDict();
        items(dict, depth);
        if (!dict.attributes().isEmpty()) {
            value(dict.attributes(), depth + 1);
            out.write(Op.BUILD);
        }
    }

    private void emptyOrderedDict() {
        global("collections", "OrderedDict");
        out.write(Op.EMPTY_TUPLE);
        out.write(Op.REDUCE);
    }

    private void items(Map<?, ?> map, int depth) {
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        boolean single = map.size() == 1;
        while (entries.hasNext()) {
            if (!single) {
                out.write(Op.MARK);
            }
            for (int i = 0; i < BATCH && entries.hasNext(); i++) {
                Map.Entry<?, ?> entry = entries.next();
                value(entry.getKey(), depth + 1);
                value(entry.getValue(), depth + 1);
            }
            out.write(single ? Op.SETITEM : Op.SETITEMS);
        }
    }

    private void list(List<?> list, int depth) {
        out.write(Op.EMPTY_LIST);
        boolean single = list.size() == 1;
        for (int start = 0; start < list.size(); start += BATCH) {
            if (!single) {
                out.write(Op.MARK);
            }
            list.subList(start, Math.min(start + BATCH, list.size())).forEach(item -> value(item, depth + 1));
            out.write(single ? Op.APPEND : Op.APPENDS);
        }
    }

    void tuple(List<?> items, int depth) {
        if (items.size() > 3) {
            out.write(Op.MARK);
        }
        items.forEach(item -> value(item, depth + 1));
        out.write(
                switch (items.size()) {
                    case 0 -> Op.EMPTY_TUPLE;
                    case 1 -> Op.TUPLE1;
                    case 2 -> Op.TUPLE2;
                    case 3 -> Op.TUPLE3;
                    default -> Op.TUPLE;
                });
    }

    /** Writes a tensor. */
    void tensor(Tensor tensor) {
        String key = Integer.toString(storages.size());
        storages.add(tensor);
        global("torch._utils", "_rebuild_tensor_v2");
        out.write(Op.MARK);
        out.write(Op.MARK);
        text("storage");
        global("torch", storageClass(tensor.dtype()));
        text(key);
        text("cpu");
        integer(tensor.shape().numel());
        if (legacy) {
            out.write(Op.NONE); // not a view of another storage
        }
        out.write(Op.TUPLE);
        out.write(Op.BINPERSID);
        integer(0); // offset in the storage
        List<Long> dims = tensor.shape().toList();
        tuple(dims, 0);
        tuple(strides(dims), 0);
        out.write(Op.NEWFALSE); // requires_grad
        emptyOrderedDict(); // backward hooks
        out.write(Op.TUPLE);
        out.write(Op.REDUCE);
    }

    private static List<Long> strides(List<Long> dims) {
        Long[] strides = new Long[dims.size()];
        long step = 1;
        for (int d = strides.length - 1; d >= 0; d--) {
            strides[d] = step;
            step *= Math.max(dims.get(d), 1);
        }
        return List.of(strides);
    }

    private static String storageClass(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> "FloatStorage";
            case FLOAT64 -> "DoubleStorage";
            case FLOAT16 -> "HalfStorage";
            case BFLOAT16 -> "BFloat16Storage";
            case INT64 -> "LongStorage";
            case INT32 -> "IntStorage";
            case INT16 -> "ShortStorage";
            case INT8 -> "CharStorage";
            case UINT8 -> "ByteStorage";
            case BOOL -> "BoolStorage";
        };
    }

    private void real(double d) {
        out.write(Op.BINFLOAT);
        out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(d).array());
    }

    void integer(long n) {
        if (n >= 0 && n <= 0xFF) {
            out.write(Op.BININT1);
            out.write((int) n);
        } else if (n >= 0 && n <= 0xFFFF) {
            out.write(Op.BININT2);
            out.write((int) n);
            out.write((int) (n >> 8));
        } else if (n == (int) n) {
            out.write(Op.BININT);
            int32((int) n);
        } else {
            longBytes(BigInteger.valueOf(n));
        }
    }

    private void integer(BigInteger n) {
        if (n.bitLength() < Integer.SIZE) {
            integer(n.longValue());
        } else {
            longBytes(n);
        }
    }

    private void longBytes(BigInteger n) {
        byte[] big = n.toByteArray();
        if (big.length > 0xFF) {
            throw new IllegalArgumentException("an integer of " + big.length + " bytes");
        }
        out.write(Op.LONG1);
        out.write(big.length);
        for (int i = big.length - 1; i >= 0; i--) {
            out.write(big[i]);
        }
    }

    void text(String s) {
        if (!recall("text " + s)) {
            byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
            out.write(Op.BINUNICODE);
            int32(utf8.length);
            out.writeBytes(utf8);
            memoize("text " + s);
        }
    }

    /** Python 3 has no bytes in protocol 2: it writes a call that encodes text. */
    private void bytes(byte[] bytes) {
        global("_codecs", "encode");
        text(new String(bytes, StandardCharsets.ISO_8859_1));
        text("latin1");
        out.write(Op.TUPLE2);
        out.write(Op.REDUCE);
    }

    void global(String module, String name) {
        String key = "global " + module + " " + name;
        if (!recall(key)) {
            out.write(Op.GLOBAL);
            out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
            memoize(key);
        }
    }

    private boolean recall(String key) {
        Integer index = memo.get(key);
        if (index != null) {
            indexed(Op.BINGET, Op.LONG_BINGET, index);
        }
        return index != null;
    }

    private void memoize(String key) {
        indexed(Op.BINPUT, Op.LONG_BINPUT, memo.size());
        memo.put(key, memo.size());
    }

    private void indexed(int shortOp, int longOp, int index) {
        if (index <= 0xFF) {
            out.write(shortOp);
            out.write(index);
        } else {
            out.write(longOp);
            int32(index);
        }
    }

    private void int32(int n) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(n)
                .array());
    }
}
