package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading takes the anonymous memory of the weights themselves, and little more, in every format and type. */
class LoadingMemoryTest {
    private static final long ELEMENTS = (long) LoadingProbe.IN * LoadingProbe.OUT;
    private static final long WEIGHTS = ELEMENTS * Float.BYTES; // 105 MB
    private static final long SLACK = 64_000_000; // the promise is 100 MB

    @TempDir
    private Path folder;

    private static StateDict state(DType dtype, Arena arena) {
        MemorySegment data = arena.allocate(ELEMENTS * dtype.bytes(), 8);
        for (long i = 0; i < ELEMENTS; i++) {
            float value = LoadingProbe.element(i);
            switch (dtype) {
                case FLOAT64 -> data.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
                case FLOAT16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
                case BFLOAT16 ->
                    data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(value) >>> 16));
                case INT64 -> data.setAtIndex(ValueLayout.JAVA_LONG, i, (long) value);
                default -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
            }
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(LoadingProbe.WEIGHT, new Tensor(dtype, Shape.of(LoadingProbe.OUT, LoadingProbe.IN), data));
        tensors.put("head.fc.bias", Tensor.of(Shape.of(LoadingProbe.OUT), new float[LoadingProbe.OUT]));
        return new StateDict(tensors);
    }

    private Path pth(String name, DType dtype) {
        Path file = folder.resolve(name);
        try (Arena arena = Arena.ofConfined()) {
            Checkpoint.write(file, Map.of("state_dict", state(dtype, arena).toTree()));
        }
        return file;
    }

    private Path deflated(Path stored) throws IOException {
        Path file = folder.resolve("deflated.pth");
        try (ZipFile in = new ZipFile(stored.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            out.setLevel(Deflater.BEST_SPEED);
            for (ZipEntry entry : in.stream().toList()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream data = in.getInputStream(entry)) {
                    data.transferTo(out);
                }
            }
        }
        return file;
    }

    @Test
    void anonymousMemoryIsThatOfTheWeights() throws IOException, InterruptedException {
        List<Path> files = new ArrayList<>();
        files.add(pth("float32.pth", DType.FLOAT32));
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16, DType.INT64)) {
            files.add(pth(dtype + ".pth", dtype));
        }
        files.add(deflated(files.getFirst()));
        Path legacy = folder.resolve("legacy.pth");
        Path safe = folder.resolve("float32.safetensors");
        try (Arena arena = Arena.ofConfined()) {
            StateDict state = state(DType.FLOAT32, arena);
            Checkpoint.writeLegacy(legacy, Map.of("state_dict", state.toTree()));
            Checkpoint.writeSafetensors(safe, state, Map.of());
        }
        files.add(legacy);
        files.add(safe);
        List<String> growth = probe(files);
        assertEquals(files.size(), growth.size(), growth.toString());
        for (int i = 0; i < files.size(); i++) {
            long bytes = Long.parseLong(growth.get(i));
            assertTrue(bytes >= WEIGHTS, "the weights themselves, of " + files.get(i) + ": " + bytes);
            assertTrue(bytes <= WEIGHTS + SLACK, files.get(i) + " takes " + bytes + " for " + WEIGHTS);
        }
    }

    private List<String> probe(List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m", // no tensor passes through the heap
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                LoadingProbe.class.getName()));
        files.forEach(file -> command.add(file.toString()));
        Path out = folder.resolve("out");
        int exitCode = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
        String said = Files.readString(out);
        assertEquals(0, exitCode, said);
        return said.lines().toList();
    }
}
