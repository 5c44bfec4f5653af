package dev.taxon.device.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.taxon.device.ComputeThread;
import dev.taxon.device.Precision;
import dev.taxon.graph.Kernel2d;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Convolution algorithms are searched for once for a question, by time, and kept on disk. (For the simulator those of low
 * numbers are the fastest, and its estimates say otherwise.)
 */
class FoundAlgorithmsTest {
    private static final Kernel2d KERNEL = Kernel2d.square(3, 1, 1);

    @TempDir
    Path folder;

    @Test
    void eachProcessAddsToWhatOthersKept() {
        FoundAlgorithms one = open("card", 90501);
        FoundAlgorithms two = open("card", 90501);
        one.put("a", 1);
        two.put("b", 2);
        one.save();
        two.save();
        FoundAlgorithms later = open("card", 90501);
        assertEquals(1, later.find("a"));
        assertEquals(2, later.find("b"));
        assertNull(later.find("c"));
        assertNull(open("other card", 90501).find("a"));
        assertNull(open("card", 90600).find("a"));
    }

    @Test
    void linesThatSayNothingAreIgnored() {
        DiskCache cache = new DiskCache(List.of(folder), "algorithms");
        String key = DiskCache.key("cudnn-90501", List.of("card", "90501"));
        cache.keep(key, "a\t1\nb\tx\nc\n\t5\nd\t-1\ne\t2".getBytes(StandardCharsets.UTF_8));
        FoundAlgorithms found = open("card", 90501);
        assertEquals(1, found.find("a"));
        assertEquals(2, found.find("e"));
        assertNull(found.find("b"));
        assertNull(found.find("d"));
    }

    @Test
    void theFastestIsSearchedForOnceAndKept() throws IOException {
        Simulator.libraries().load();
        try (ComputeThread compute = new ComputeThread("algorithms")) {
            Gpu gpu = compute.call(() -> new Gpu(0, Precision.FLOAT32));
            compute.run(() -> {
                Simulator.clear();
                assertEquals(List.of(0, 1, 1), choose(gpu, true), "deterministic ones");
                assertEquals(3, searches());
                assertEquals(List.of(0, 1, 1), choose(gpu, true), "from the disk");
                assertEquals(3, searches());
                assertEquals(List.of(0, 0, 0), choose(gpu, false), "another question");
                assertEquals(6, searches());
            });
            for (Path file : files()) {
                Files.write(file, new byte[] {1, 2, 3});
            }
            compute.run(() -> {
                assertEquals(List.of(0, 1, 1), choose(gpu, true), "beside a damaged file");
                assertEquals(9, searches());
                assertEquals("", Simulator.violation());
                gpu.close();
            });
        }
    }

    @Test
    void whereMemoryIsTooLittleToSearchTheEstimateServesAndIsNotKept() {
        Simulator.libraries().load();
        try (ComputeThread compute = new ComputeThread("algorithms")) {
            Gpu gpu = compute.call(() -> new Gpu(0, Precision.FLOAT32));
            compute.run(() -> {
                Simulator.clear();
                Simulator.fail("cuMemAlloc_v2", 2, 0); // of the forward pass alone
                List<Integer> chosen = choose(gpu, true);
                assertEquals(List.of(1, 1), chosen.subList(1, 3));
                assertEquals(2, searches());
                assertEquals(List.of(0, 1, 1), choose(gpu, true), "now there is room");
                assertEquals(3, searches());
                gpu.close();
            });
        }
    }

    /** Numbers of the algorithms for forward pass, data and weights, as a process finds them that starts now. */
    private List<Integer> choose(Gpu gpu, boolean deterministic) {
        int math = 3; // CUDNN_FMA_MATH
        try (Descriptors d = new Descriptors(gpu)) {
            Convolution c = new Convolution(
                    d.tensor(2, 4, 9, 9),
                    d.filter(6, 4, 3, 3),
                    d.convolution(KERNEL, 1, math),
                    d.tensor(2, 6, 9, 9),
                    4L * 2 * 4 * 9 * 9,
                    4L * 6 * 4 * 9,
                    4L * 2 * 6 * 9 * 9,
                    "a convolution");
            FoundAlgorithms found = open(gpu.name(), 90501);
            ConvolutionAlgorithms algorithms = new ConvolutionAlgorithms(gpu, deterministic, found);
            List<Integer> chosen = List.of(
                    algorithms.forward(c).algorithm(),
                    algorithms.backwardData(c).algorithm(),
                    algorithms.backwardFilter(c).algorithm());
            found.save();
            return chosen;
        }
    }

    private static long searches() {
        return Stream.of("Forward", "BackwardData", "BackwardFilter")
                .mapToLong(pass -> Simulator.calls("cudnnFindConvolution" + pass + "AlgorithmEx"))
                .sum();
    }

    private FoundAlgorithms open(String card, long version) {
        return new FoundAlgorithms(new DiskCache(List.of(folder), "algorithms"), card, version);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("algorithms"))) {
            return all.toList();
        }
    }
}
