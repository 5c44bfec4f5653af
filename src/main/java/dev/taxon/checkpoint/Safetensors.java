package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.checkpoint.pickle.OrderedDict;
import dev.taxon.report.PythonJson;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * safetensors files: int64 length of the header, the header in JSON, the elements (little-endian, row-major). The header
 * has {@code {"dtype": "F32", "shape": […], "data_offsets": [begin, end]}} for each name, and texts under
 * {@code __metadata__}. Source: github.com/huggingface/safetensors, "Format".
 */
final class Safetensors {
    /** Key of {@code __metadata__} for what a checkpoint has as {@code meta}, in JSON. */
    static final String META = "meta";

    private static final String METADATA = "__metadata__";
    private static final long MAX_HEADER = 100_000_000; // as in the reference implementation
    private static final int ALIGNMENT = 64;
    private static final ValueLayout.OfLong LONG = Tensor.LONG;
    private static final Map<String, DType> DTYPES = Map.of(
            "F64",
            DType.FLOAT64,
            "F32",
            DType.FLOAT32,
            "F16",
            DType.FLOAT16,
            "BF16",
            DType.BFLOAT16,
            "I64",
            DType.INT64,
            "I32",
            DType.INT32,
            "I16",
            DType.INT16,
            "I8",
            DType.INT8,
            "U8",
            DType.UINT8,
            "BOOL",
            DType.BOOL);

    private final MemorySegment file;
    private final String name;
    private final long dataStart;

    private Safetensors(MemorySegment file, String name) {
        this.file = file;
        this.name = name;
        this.dataStart = Long.BYTES + file.get(LONG, 0);
    }

    /** Whether a file begins as one: a length below 2³² and an opening brace. */
    static boolean is(MemorySegment file) {
        return file.byteSize() > Long.BYTES
                && file.get(LONG, 0) >>> 32 == 0
                && file.get(ValueLayout.JAVA_BYTE, Long.BYTES) == '{';
    }

    /**
     * The tree of a file: {@code state_dict} in the order of the header, and {@code meta} if the file has it. Tensors view
     * the mapping.
     *
     * @throws UserError for a file that is cut off, damaged, or has elements that Taxon lacks
     */
    static Map<Object, Object> read(MemorySegment file, String name) {
        return new Safetensors(file, name).read();
    }

    private Map<Object, Object> read() {
        Map<?, ?> header = header();
        OrderedDict state = new OrderedDict();
        List<long[]> ranges = new ArrayList<>();
        Map<Object, Object> tree = new LinkedHashMap<>();
        header.forEach((key, value) -> {
            if (key.equals(METADATA)) {
                Map<Object, Object> meta = meta(value);
                if (!meta.isEmpty()) {
                    tree.put("meta", meta);
                }
            } else {
                state.put(key, tensor(String.valueOf(key), value, ranges));
            }
        });
        checkCovered(ranges);
        tree.put("state_dict", state);
        return tree;
    }

    private Map<?, ?> header() {
        if (dataStart > file.byteSize()) {
            throw UserError.of(
                    "%s is cut off: its header should have %d bytes, and %d bytes are there; copy or download it again",
                    name, dataStart - Long.BYTES, file.byteSize() - Long.BYTES);
        }
        if (dataStart > MAX_HEADER) {
            throw damaged("a header of " + (dataStart - Long.BYTES) + " bytes");
        }
        ByteBuffer bytes = file.asSlice(Long.BYTES, dataStart - Long.BYTES).asByteBuffer();
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            if (JsonText.read(text) instanceof Map<?, ?> header) {
                return header;
            }
            throw damaged("a header that is no object");
        } catch (CharacterCodingException e) {
            throw damaged("a header that is no UTF-8");
        } catch (JsonText.Malformed e) {
            throw damaged("a header with " + e.getMessage());
        }
    }

    private Tensor tensor(String key, Object value, List<long[]> ranges) {
        if (!(value instanceof Map<?, ?> entry)
                || !(entry.get("dtype") instanceof String code)
                || !(entry.get("shape") instanceof List<?> dims)
                || !(entry.get("data_offsets") instanceof List<?> offsets)
                || offsets.size() != 2) {
            throw damaged("no dtype, shape and data_offsets for " + key);
        }
        DType dtype = DTYPES.get(code);
        if (dtype == null) {
            throw UserError.of(
                    "%s: %s has elements of type %s, and Taxon reads %s; save it as F32",
                    name, key, code, DTYPES.keySet().stream().sorted().toList());
        }
        long begin = natural(offsets.get(0), key);
        long end = natural(offsets.get(1), key);
        long[] shape = dims.stream().mapToLong(d -> natural(d, key)).toArray();
        try {
            Shape checked = Shape.of(shape);
            if (begin > end
                    || end > file.byteSize() - dataStart
                    || Math.multiplyExact(checked.numel(), dtype.bytes()) != end - begin) {
                throw damaged("bytes " + begin + " to " + end + " for " + code + " " + checked + " " + key + ", and "
                        + (file.byteSize() - dataStart) + " bytes of elements");
            }
            ranges.add(new long[] {begin, end});
            return new Tensor(dtype, checked, file.asSlice(dataStart + begin, end - begin));
        } catch (ArithmeticException e) {
            throw damaged("the shape " + dims + " for " + key);
        }
    }

    private long natural(Object value, String key) {
        if (value instanceof Long n && n >= 0) {
            return n;
        }
        throw damaged(value + " as a size or offset of " + key);
    }

    /** The elements of all tensors, one after the other, are all of the file: no holes, no overlaps. */
    private void checkCovered(List<long[]> ranges) {
        ranges.sort(Comparator.<long[]>comparingLong(r -> r[0]).thenComparingLong(r -> r[1]));
        long at = 0;
        for (long[] range : ranges) {
            if (range[0] != at) {
                throw damaged("elements that overlap, or a hole between them, at byte " + at);
            }
            at = range[1];
        }
        if (at != file.byteSize() - dataStart) {
            throw damaged((file.byteSize() - dataStart - at) + " bytes that belong to no tensor");
        }
    }

    /** Our own {@code meta} unpacked from its JSON, else the texts as they are. */
    private Map<Object, Object> meta(Object metadata) {
        if (!(metadata instanceof Map<?, ?> texts) || !texts.values().stream().allMatch(String.class::isInstance)) {
            throw damaged("something else than texts as " + METADATA);
        }
        Map<Object, Object> meta = new LinkedHashMap<>(texts);
        meta.remove("format"); // "pt": says who wrote it
        try {
            if (meta.remove(META) instanceof String json && JsonText.read(json) instanceof Map<?, ?> ours) {
                meta.putAll(ours);
            }
        } catch (JsonText.Malformed e) {
            throw damaged("a meta with " + e.getMessage());
        }
        return meta;
    }

    private UserError damaged(String what) {
        return UserError.of("%s is damaged: it has %s; copy or download it again", name, what);
    }

    /**
     * Writes a state dict. The header keeps the order of names; the elements lie by size of type, largest first, so that
     * each tensor is aligned to its own type, as the library has it. The same input gives the same bytes.
     *
     * @param meta what a checkpoint has as {@code meta}; what JSON cannot hold is left out
     */
    static void write(StateDict dict, Map<?, ?> meta, FileChannel channel) throws IOException {
        List<Map.Entry<String, Tensor>> sorted = new ArrayList<>(dict.tensors().entrySet());
        sorted.sort(Comparator.comparingInt(e -> -e.getValue().dtype().bytes())); // stable
        Map<String, List<Long>> offsets = new LinkedHashMap<>();
        long at = 0;
        for (Map.Entry<String, Tensor> entry : sorted) {
            long end = at + entry.getValue().data().byteSize();
            offsets.put(entry.getKey(), List.of(at, end));
            at = end;
        }
        byte[] header = header(dict, meta, offsets).getBytes(StandardCharsets.US_ASCII);
        int padding = -(Long.BYTES + header.length) & (ALIGNMENT - 1);
        ByteBuffer start = ByteBuffer.allocate(Long.BYTES + header.length + padding)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length + padding)
                .put(header);
        while (start.hasRemaining()) {
            start.put((byte) ' ');
        }
        Sink sink = new Sink(channel);
        sink.write(start);
        for (Map.Entry<String, Tensor> entry : sorted) {
            sink.write(entry.getValue().data());
        }
    }

    private static String header(StateDict dict, Map<?, ?> meta, Map<String, List<Long>> offsets) {
        Map<String, Object> header = new LinkedHashMap<>();
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        Map<Object, Object> plain = new LinkedHashMap<>(meta);
        plain.values().removeIf(value -> !isPlain(value));
        if (!plain.isEmpty()) {
            metadata.put(META, PythonJson.dumps(plain));
        }
        header.put(METADATA, metadata);
        dict.tensors().forEach((name, tensor) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", code(tensor.dtype()));
            entry.put("shape", tensor.shape().toList());
            entry.put("data_offsets", offsets.getOrDefault(name, List.of()));
            header.put(name, entry);
        });
        return PythonJson.dumps(header);
    }

    private static boolean isPlain(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String s -> true;
            case Boolean b -> true;
            case Number n -> true;
            case List<?> list -> list.stream().allMatch(Safetensors::isPlain);
            case Map<?, ?> map -> map.values().stream().allMatch(Safetensors::isPlain);
            default -> false;
        };
    }

    private static String code(DType dtype) {
        return DTYPES.entrySet().stream()
                .filter(e -> e.getValue() == dtype)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }
}
