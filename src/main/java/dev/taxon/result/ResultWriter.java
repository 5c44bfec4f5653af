package dev.taxon.result;

import dev.taxon.checkpoint.AtomicFile;
import dev.taxon.checkpoint.pickle.NumpyPickler;
import dev.taxon.report.PythonJson;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes metrics and predictions by name, in the order given, so that Python's json, yaml and pickle read them. */
public final class ResultWriter {
    private static final int CHUNK = 1 << 20;

    private ResultWriter() {}

    /**
     * Replaces {@code file}.
     *
     * @param items values: Double, Long, String, lists of them (nested ones of numbers are matrices), {@link Tensor}
     * @throws dev.taxon.UserError if it cannot be written
     */
    public static void write(Path file, Map<String, Object> items) {
        switch (ResultFormat.of(file)) {
            case JSON -> text(file, out -> PythonJson.write(out, items));
            case YAML -> text(file, out -> YamlText.write(out, items));
            case PICKLE -> AtomicFile.write(file, channel -> pickle(channel, items));
            case CSV -> throw new IllegalArgumentException("a table is written by CsvTable");
        }
    }

    /**
     * Replaces {@code file} by one JSON value.
     *
     * @param value as {@link PythonJson} takes it
     * @throws dev.taxon.UserError if it cannot be written
     */
    public static void writeJson(Path file, Object value) {
        text(file, out -> PythonJson.write(out, value));
    }

    /** What writes a text. */
    interface Body {
        void write(Appendable out) throws IOException;
    }

    static void text(Path file, Body body) {
        AtomicFile.write(file, channel -> {
            BufferedWriter out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), CHUNK);
            body.write(out);
            out.flush(); // not closed: the channel is the caller's
        });
    }

    private static void pickle(FileChannel channel, Map<String, Object> items) throws IOException {
        Map<String, Object> arrays = new LinkedHashMap<>();
        items.forEach((name, value) -> arrays.put(name, array(value)));
        for (MemorySegment piece : NumpyPickler.pieces(arrays)) {
            for (long at = 0; at < piece.byteSize(); at += CHUNK) {
                MemorySegment chunk = piece.asSlice(at, Math.min(CHUNK, piece.byteSize() - at));
                ByteBuffer bytes = ByteBuffer.wrap(chunk.toArray(ValueLayout.JAVA_BYTE));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        }
    }

    /** Lists of numbers as numpy arrays, which mmcls's values by class are. */
    private static Object array(Object value) {
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            return value;
        }
        boolean matrix = list.getFirst() instanceof List<?>;
        List<?> flat =
                matrix ? list.stream().flatMap(row -> ((List<?>) row).stream()).toList() : list;
        Shape shape = matrix ? Shape.of(list.size(), flat.size() / list.size()) : Shape.of(list.size());
        if (flat.stream().allMatch(Long.class::isInstance)) {
            long[] longs = flat.stream().mapToLong(n -> (Long) n).toArray();
            return new Tensor(DType.INT64, shape, MemorySegment.ofArray(longs));
        }
        if (flat.stream().allMatch(Double.class::isInstance)) {
            double[] doubles = flat.stream().mapToDouble(n -> (Double) n).toArray();
            return new Tensor(DType.FLOAT64, shape, MemorySegment.ofArray(doubles));
        }
        return value;
    }
}
