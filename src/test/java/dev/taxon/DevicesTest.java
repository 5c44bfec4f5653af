package dev.taxon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.taxon.device.Device;
import dev.taxon.device.cuda.CudaLibraries;
import dev.taxon.device.cuda.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Devices by name. */
class DevicesTest {
    @ParameterizedTest
    @CsvSource({"cpu, cpu", "reference, reference", "cuda, cuda:0", "cuda:0, cuda:0"})
    void opensByName(String asked, String given) {
        try (Device device = Devices.open(new Settings(asked, 1), Simulator.libraries())) {
            assertEquals(given, device.name());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cuda:7, there is 1 GPU",
        "cuda:, expected cuda or cuda:N",
        "cuda0, expected cuda or cuda:N",
        "gpu, known are cpu"
    })
    void refusesInASentence(String asked, String says) {
        UserError error =
                assertThrows(UserError.class, () -> Devices.open(new Settings(asked, 1), Simulator.libraries()));
        assertTrue(error.getMessage().contains(says), error.getMessage());
    }

    /** Also in a process that has the simulator's libraries in memory. */
    @Test
    void withoutADriverTheCpuIsTheDefault() {
        assumeFalse(CudaLibraries.hasDriver(), "this machine has a GPU");
        Simulator.open().close();
        try (Device device = Devices.open(new Settings(null, 1), Simulator.libraries())) {
            assertEquals("cpu", device.name());
        }
    }

    @Test
    void aDriverThatIsTooOldIsNamed() {
        Simulator.open().close();
        Simulator.set("driver_version", 11_040);
        try {
            UserError error = assertThrows(UserError.class, Simulator::open);
            assertTrue(error.getMessage().contains("the NVIDIA driver is for CUDA 11.4"), error.getMessage());
        } finally {
            Simulator.set("driver_version", 12_060);
        }
    }

    @Test
    void foldersComeFromTheEnvironment(@TempDir Path folder) throws IOException {
        Path lib = Files.createDirectories(folder.resolve("lib/python3.11/site-packages/nvidia/cudnn/lib"));
        CudaLibraries found = CudaLibraries.of(Map.of("VIRTUAL_ENV", folder.toString(), "CUDA_HOME", "/opt/cuda"));
        assertTrue(found.folders().contains(lib), found.folders().toString());
        assertTrue(
                found.folders().contains(Path.of("/opt/cuda/lib64")),
                found.folders().toString());
        assertTrue(found.folders().indexOf(Path.of("/opt/cuda/lib64"))
                < found.folders().indexOf(lib));
    }
}
