package dev.taxon.cudasim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The simulator beside NVIDIA's own libraries, which answer much without a GPU: profile {@code cuda-redist}, which unpacks
 * them (2 GB) to {@code target/cuda-redist}. Each side runs in a process of its own, since both have the same names.
 */
@Tag("cuda-redist")
class RealLibrariesTest {
    private static final Path REAL = Path.of("target/cuda-redist/org/bytedeco/cuda/linux-x86_64");
    private static final Path SIMULATED = Path.of("target/cudasim");

    @Test
    void descriptorsVersionsAndSizesAgree() throws IOException, InterruptedException {
        List<String> real = lines(DescriptorReport.class, REAL, "libcudnn.so.9,libnvrtc.so.12,libnccl.so.2");
        List<String> simulated =
                lines(DescriptorReport.class, SIMULATED, "libcuda.so.1,libcudnn.so.9,libnvrtc.so.12,libnccl.so.2");
        assertEquals(203, real.size(), "three versions and 200 configurations");
        List<String> different = new ArrayList<>();
        for (int i = 0; i < real.size(); i++) {
            if (!real.get(i).equals(simulated.get(i))) {
                different.add("real      " + real.get(i) + "\nsimulated " + simulated.get(i));
            }
        }
        assertTrue(different.isEmpty(), different.size() + " differ:\n" + String.join("\n", different));
    }

    @Test
    void everyKernelCompilesToPtx() throws IOException, InterruptedException {
        List<String> real = lines(KernelReport.class, REAL, "libnvrtc-builtins.so.12.6,libnvrtc.so.12");
        assertTrue(real.size() >= 18, () -> String.join("\n", real));
        for (String line : real) {
            String architecture = line.replaceAll(".*compute_(\\d+):.*", "$1");
            assertTrue(line.contains(".version 8.5") && line.contains(".target sm_" + architecture), line);
        }
    }

    private static List<String> lines(Class<?> report, Path folder, String files)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("report", ".txt");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        report.getName(),
                        folder.toString(),
                        files)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = process.waitFor();
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        Files.delete(output);
        assertEquals(0, status, () -> String.join("\n", lines));
        return lines;
    }
}
