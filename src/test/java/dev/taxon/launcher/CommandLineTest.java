package dev.taxon.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    @Test
    void procKeepsEmptyWordsAndSpaces(@TempDir Path temp) throws Exception {
        Path file = temp.resolve("cmdline");
        Files.write(file, "java\0-jar\0my engine.jar\0\0a b\0".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of("java", "-jar", "my engine.jar", "", "a b"), CommandLine.fromProc(file));
        assertEquals(List.of(), CommandLine.fromProc(temp.resolve("absent")));
    }

    @Test
    void flagsOfAnOldJavaAreDroppedAndArgumentsNeverAre() {
        List<String> words = List.of(
                "-Xmx2g", "-d64", "-agentlib:jdwp=transport=dt_socket,address=5005", "-jar", "e.jar", "train", "-d64");
        List<String> dropped = new ArrayList<>();
        assertEquals(
                List.of("-XX:+IgnoreUnrecognizedVMOptions", "-Xmx2g", "-jar", "e.jar", "train", "-d64"),
                CommandLine.forNewJava(words, 2, dropped));
        assertEquals(List.of("-d64", "-agentlib:jdwp=transport=dt_socket,address=5005"), dropped);
    }
}
