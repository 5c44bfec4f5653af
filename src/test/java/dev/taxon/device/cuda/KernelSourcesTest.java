package dev.taxon.device.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.taxon.device.ComputeThread;
import dev.taxon.device.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The kernels of {@code native/cuda} are packed as they are, compile on their own, and have the names that they seem to have. */
class KernelSourcesTest {
    private static final Path SOURCES = Path.of("native", "cuda");
    private static final Pattern KERNEL = Pattern.compile("__global__\\s+void\\s+(\\w+)\\s*\\(");

    @Test
    void everySourceIsPacked() throws IOException {
        for (Path source : sources()) {
            try (InputStream packed = getClass().getResourceAsStream("/native/cuda/" + source.getFileName())) {
                assertNotNull(packed, source + " is not packed");
                assertArrayEquals(
                        Files.readAllBytes(source), packed.readAllBytes(), source + " is packed in an old form");
            }
        }
    }

    @Test
    void everyKernelCompiles() throws IOException {
        List<Path> sources = sources();
        Simulator.libraries().load();
        try (ComputeThread compute = new ComputeThread("kernels")) {
            Gpu gpu = compute.call(() -> new Gpu(0, Precision.FLOAT32));
            for (Path source : sources) {
                String name = source.getFileName().toString();
                if (!name.endsWith(".cu")) {
                    continue;
                }
                String file = name.substring(0, name.length() - ".cu".length());
                List<String> kernels = KERNEL.matcher(Files.readString(source))
                        .results()
                        .map(m -> m.group(1))
                        .toList();
                assertFalse(kernels.isEmpty(), source + " has no kernel");
                kernels.forEach(kernel -> compute.call(() -> gpu.kernel(file, kernel)));
            }
            compute.run(gpu::close);
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.sorted().toList();
        }
    }
}
