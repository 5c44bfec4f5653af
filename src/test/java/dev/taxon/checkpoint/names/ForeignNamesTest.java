package dev.taxon.checkpoint.names;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taxon.Golden;
import dev.taxon.checkpoint.StateDict;
import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.graph.StateEntry;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The state dicts of torchvision's and timm's own models, listed by {@code scripts/golden/foreign_names.py}, fit the models of
 * our configs: every name, every shape.
 */
class ForeignNamesTest {
    private static final long LARGEST = 4L * 4096 * 512 * 7 * 7;

    @TempDir
    static Path folder;

    private static final Arena ARENA = Arena.ofShared();
    private static MemorySegment zeros = MemorySegment.NULL;

    /** A file of zeros that takes no room, for the elements of all tensors. */
    @BeforeAll
    static void map() throws IOException {
        Path sparse = Files.createFile(folder.resolve("zeros"));
        try (FileChannel channel = FileChannel.open(sparse, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.allocate(1), LARGEST - 1);
            zeros = channel.map(FileChannel.MapMode.READ_ONLY, 0, LARGEST, ARENA);
        }
    }

    @AfterAll
    static void unmap() {
        ARENA.close();
    }

    /** A model of another library. */
    record Foreign(String library, String arch, String config, Map<String, Shape> entries) {
        @Override
        public String toString() {
            return library + " " + arch;
        }
    }

    static List<Foreign> models() throws IOException {
        List<Foreign> models = new ArrayList<>();
        var bytes = new ByteArrayInputStream(Golden.bytes("weights/foreign_names.gz"));
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(bytes), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] field = line.split(" ");
                if (field[0].equals(">")) {
                    models.add(new Foreign(field[1], field[2], field[3], new LinkedHashMap<>()));
                } else {
                    long[] dims = new long[field.length - 1];
                    for (int i = 0; i < dims.length; i++) {
                        dims[i] = Long.parseLong(field[i + 1]);
                    }
                    models.getLast().entries().put(field[0], Shape.of(dims));
                }
            }
        }
        assertEquals(85, models.size());
        return models;
    }

    @ParameterizedTest
    @MethodSource("models")
    void fitsOurModel(Foreign model) {
        Fields config =
                Config.load(Path.of("configs").resolve(model.config())).fields().dict("model");
        int side = model.config().endsWith("-384.py") ? 384 : 224;
        Map<String, Shape> expected = new TreeMap<>();
        for (StateEntry entry :
                ImageClassifier.read(config).graph(Shape.of(3, side, side)).state()) {
            expected.put(entry.name(), entry.shape());
        }
        if (expected.keySet().removeIf(name -> name.startsWith("head.layers.pre_logits."))) {
            // mmcls's were trained with a hidden layer in the head, the others without
            expected.put(
                    "head.layers.head.weight",
                    Shape.of(1000, expected.get("backbone.cls_token").size(2)));
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        model.entries()
                .forEach((name, shape) -> tensors.put(
                        name, new Tensor(DType.FLOAT32, shape, zeros.asSlice(0, shape.numel() * Float.BYTES))));
        StateDict foreign = new StateDict(tensors);
        Map<String, Shape> translated = new TreeMap<>();
        Families.of(model.library(), model.arch(), foreign.names())
                .translate(foreign)
                .tensors()
                .forEach((name, tensor) -> translated.put(name, tensor.shape()));
        if (model.toString().equals("torchvision regnet_x_400mf")) {
            // torchvision rounds 392 channels of the last stage up to 400, mmcls and timm down to 384: only names fit
            assertEquals(Shape.of(1000, 400), translated.get("head.fc.weight"));
            assertEquals(Shape.of(1000, 384), expected.get("head.fc.weight"));
            assertEquals(expected.keySet(), translated.keySet());
            return;
        }
        assertEquals(lines(expected), lines(translated));
    }

    private static String lines(Map<String, Shape> entries) {
        StringBuilder lines = new StringBuilder();
        entries.forEach(
                (name, shape) -> lines.append(name).append(' ').append(shape).append('\n'));
        return lines.toString();
    }
}
