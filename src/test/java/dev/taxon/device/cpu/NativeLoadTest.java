package dev.taxon.device.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine where the native library cannot be put or loaded gets a sentence, in a process that has not loaded it. */
class NativeLoadTest {
    @Test
    void noFolderForTheLibraryIsASentence(@TempDir Path dir) throws IOException, InterruptedException {
        Path file = Files.writeString(dir.resolve("file"), "no folder");
        Path output = dir.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.home=" + file,
                "-Djava.io.tmpdir=" + file,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.taxon.Main",
                "--version"));
        builder.environment().put("XDG_CACHE_HOME", file.toString());
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        int exitCode = builder.start().waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertEquals(2, exitCode, text);
        assertTrue(text.contains("error: cannot extract the native libraries"), text);
        assertTrue(text.contains("XDG_CACHE_HOME"), text);
    }
}
