package dev.taxon.device.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.taxon.device.ComputeThread;
import dev.taxon.device.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiled kernels are kept whole, found again, and made anew when what was kept is of no use. */
class DiskCacheTest {
    private static final byte[] IMAGE = {1, 2, 3, 4, 5};

    @TempDir
    Path folder;

    @Test
    void givesBackWhatItKeeps() {
        DiskCache cache = new DiskCache(List.of(folder), "kernels");
        String key = DiskCache.key("norm", List.of("sm_80", "source"));
        assertNull(cache.find(key));
        cache.keep(key, IMAGE);
        assertArrayEquals(IMAGE, cache.find(key));
        assertNotEquals(key, DiskCache.key("norm", List.of("sm_90", "source")));
        assertNotEquals(DiskCache.key("norm", List.of("a", "b")), DiskCache.key("norm", List.of("ab", "")));
    }

    @Test
    void aFileThatIsNotWholeCountsAsMissing() throws IOException {
        DiskCache cache = new DiskCache(List.of(folder), "kernels");
        cache.keep("k", IMAGE);
        Path file = folder.resolve("kernels").resolve("k");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertNull(cache.find("k"));
        }
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            assertNull(cache.find("k"));
        }
        cache.keep("k", IMAGE);
        assertArrayEquals(IMAGE, cache.find("k"));
    }

    @Test
    void whereNothingCanBeWrittenNothingIsKept() throws IOException {
        Path file = Files.createFile(folder.resolve("file")); // no folder can be made below it
        DiskCache none = new DiskCache(List.of(file), "kernels");
        none.keep("k", IMAGE);
        assertNull(none.find("k"));
        DiskCache second = new DiskCache(List.of(file, folder), "kernels");
        second.keep("k", IMAGE);
        assertArrayEquals(IMAGE, second.find("k"));
    }

    @Test
    void aKernelComesFromTheCacheAndFromNvrtcWhenTheDriverRefusesWhatWasKept() throws IOException {
        Simulator.libraries().load();
        DiskCache cache = new DiskCache(List.of(folder), "kernels");
        try (ComputeThread compute = new ComputeThread("kernels")) {
            Gpu gpu = compute.call(() -> new Gpu(0, Precision.FLOAT32));
            load(compute, gpu, cache);
            Path file = onlyFile();
            byte[] compiled = Files.readAllBytes(file);
            cache.keep(file.getFileName().toString(), IMAGE); // whole, but no module
            load(compute, gpu, cache);
            assertEquals(file, onlyFile());
            assertArrayEquals(compiled, Files.readAllBytes(file));
            compute.run(gpu::close);
        }
    }

    private static void load(ComputeThread compute, Gpu gpu, DiskCache cache) {
        compute.run(() -> {
            try (Kernels kernels = new Kernels(gpu, cache)) {
                assertEquals("scale", kernels.kernel("region", "scale").name());
            }
        });
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("kernels"))) {
            List<Path> all = files.toList();
            assertEquals(1, all.size());
            return all.getFirst();
        }
    }
}
