package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.SyntheticMnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference device is Java alone: training on MNIST's files loads no native library. */
class ReferenceDeviceTest {
    @TempDir
    private Path dir;

    @Test
    void trainingOnItLoadsNoNativeLibrary() throws Exception {
        SmallRun small = new SmallRun(dir, SyntheticMnist.write(dir.resolve("mnist"), 64, 20));
        Path config = small.config("c.py", "runner = dict(max_epochs=1)");
        String reference = classes(config, "reference");
        assertTrue(reference.contains("dev.taxon.device.reference.ReferenceDevice"), reference);
        assertFalse(reference.contains("dev.taxon.natives.NativeLibrary"), reference);
        assertTrue(classes(config, "cpu").contains("dev.taxon.data.image.ImageLibrary"));
    }

    /** The classes that a training loads. */
    private String classes(Path config, String device) throws IOException, InterruptedException {
        Path log = dir.resolve(device + ".txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.taxon.Main",
                        "train",
                        config.toString(),
                        "--work-dir",
                        dir.resolve(device).toString(),
                        "--device",
                        device)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve(device + ".out").toFile())
                .start();
        assertEquals(0, process.waitFor(), () -> device);
        return Files.readString(log);
    }
}
