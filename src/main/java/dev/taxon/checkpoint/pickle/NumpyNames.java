package dev.taxon.checkpoint.pickle;

import dev.taxon.checkpoint.pickle.Draft.Constant;
import dev.taxon.checkpoint.pickle.Draft.Function;
import dev.taxon.checkpoint.pickle.Draft.NumpyArray;
import dev.taxon.checkpoint.pickle.Draft.NumpyType;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** numpy's arrays, scalars and dtypes of the numeric kinds, under the names of numpy 1 and 2. */
public final class NumpyNames {
    static final Map<String, Draft> ALL = all();

    private static final Map<String, DType> DTYPES = Map.of(
            "f4", DType.FLOAT32,
            "f8", DType.FLOAT64,
            "f2", DType.FLOAT16,
            "i8", DType.INT64,
            "i4", DType.INT32,
            "i2", DType.INT16,
            "i1", DType.INT8,
            "u1", DType.UINT8,
            "b1", DType.BOOL);

    private NumpyNames() {}

    private static Map<String, Draft> all() {
        Map<String, Draft> names = new HashMap<>();
        for (String core : List.of("numpy.core", "numpy._core")) {
            names.put(core + ".multiarray._reconstruct", new Function("_reconstruct", args -> new NumpyArray()));
            names.put(core + ".multiarray.scalar", new Function("scalar", NumpyNames::scalar));
            names.put(core + ".numeric._frombuffer", new Function("_frombuffer", NumpyNames::fromBuffer));
        }
        names.put("numpy.ndarray", new Constant("numpy.ndarray"));
        names.put("numpy.dtype", new Function("numpy.dtype", NumpyNames::dtype));
        return Map.copyOf(names);
    }

    /** The type of a code such as {@code f4} or {@code <f4}. */
    public static Optional<DType> type(String code) {
        return Optional.ofNullable(DTYPES.get(code.replaceFirst("^[<>|=]", "")));
    }

    /** numpy's code of a type, without byte order: {@code f4}. */
    static String code(DType dtype) {
        return DTYPES.entrySet().stream()
                .filter(e -> e.getValue() == dtype)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("numpy has no " + dtype));
    }

    private static NumpyType dtype(Args args) {
        String code = args.text(0);
        boolean big = code.startsWith(">");
        DType dtype =
                type(code).orElseThrow(() -> args.wrong("the element type '" + code + "', which Taxon does not read"));
        return new NumpyType(dtype, big);
    }

    /** dtype.__setstate__((version, byte order, …)). */
    static void build(NumpyType dtype, Args state) {
        dtype.bigEndian = state.text(1).equals(">");
    }

    /** ndarray.__setstate__(([version,] shape, dtype, is Fortran order, data)). */
    static void build(NumpyArray array, Args state) {
        int first = state.size() == 4 ? 0 : 1;
        fill(
                array,
                state,
                state.extents(first),
                state.as(first + 1, NumpyType.class),
                state.as(first + 2, Boolean.class),
                bytes(state, first + 3));
    }

    /** _frombuffer(data, dtype, shape, order): protocol 5. */
    private static NumpyArray fromBuffer(Args args) {
        NumpyArray array = new NumpyArray();
        NumpyType dtype = args.as(1, NumpyType.class);
        fill(array, args, args.extents(2), dtype, args.text(3).equals("F"), bytes(args, 0));
        return array;
    }

    private static void fill(
            NumpyArray array, Args args, List<Long> shape, NumpyType dtype, boolean fortran, byte[] bytes) {
        long expected = dtype.dtype.bytes();
        for (long d : shape) {
            if (d > 0 && expected > Integer.MAX_VALUE / d) {
                throw args.wrong("the shape " + shape);
            }
            expected *= d;
        }
        if (bytes.length != expected || shape.size() > 32) {
            throw args.wrong("the shape " + shape + " and " + bytes.length + " bytes");
        }
        array.dtype = dtype;
        array.shape = shape.stream().mapToLong(Long::longValue).toArray();
        array.fortran = fortran;
        array.bytes = bytes;
    }

    private static byte[] bytes(Args args, int i) {
        if (args.any(i) instanceof byte[] bytes) {
            return bytes;
        }
        if (args.any(i) instanceof Draft.RawString raw) {
            args.charge(raw.bytes().byteSize());
            return raw.bytes().toArray(ValueLayout.JAVA_BYTE);
        }
        return BuiltinNames.latin1(args, args.text(i));
    }

    /** scalar(dtype, data), as a Java number. */
    private static Object scalar(Args args) {
        NumpyType dtype = args.as(0, NumpyType.class);
        NumpyArray one = new NumpyArray();
        fill(one, args, List.of(), dtype, false, bytes(args, 1));
        Tensor tensor = tensor(one, dtype);
        return switch (dtype.dtype) {
            case BOOL -> tensor.toDoubles()[0] != 0;
            case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> tensor.toDoubles()[0];
            case INT64 -> tensor.data().get(Tensor.LONG, 0);
            case INT32, INT16, INT8, UINT8 -> (long) tensor.toDoubles()[0];
        };
    }

    /** The finished array, in C order and little-endian; null while it has no state. */
    static @Nullable Tensor tensor(NumpyArray array) {
        return array.dtype == null ? null : tensor(array, array.dtype);
    }

    private static Tensor tensor(NumpyArray array, NumpyType type) {
        Shape shape = Shape.of(array.shape);
        int size = type.dtype.bytes();
        boolean reorder = array.fortran && shape.rank() > 1;
        if (!reorder && (!type.bigEndian || size == 1)) {
            return new Tensor(type.dtype, shape, MemorySegment.ofArray(array.bytes));
        }
        byte[] out = new byte[array.bytes.length];
        int n = out.length / size;
        for (int i = 0; i < n; i++) {
            int from = reorder ? fortranIndex(i, array.shape) : i;
            for (int b = 0; b < size; b++) {
                out[i * size + b] = array.bytes[from * size + (type.bigEndian ? size - 1 - b : b)];
            }
        }
        return new Tensor(type.dtype, shape, MemorySegment.ofArray(out));
    }

    /** Where element {@code i} of C order lies in Fortran order, whose first index runs fastest. */
    private static int fortranIndex(int i, long[] shape) {
        int[] index = new int[shape.length];
        for (int d = shape.length - 1; d >= 0; d--) {
            index[d] = i % (int) shape[d];
            i /= (int) shape[d];
        }
        int from = 0;
        for (int d = shape.length - 1; d >= 0; d--) {
            from = from * (int) shape[d] + index[d];
        }
        return from;
    }
}
