package dev.taxon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the two jars hold, and that they start from any folder. */
class EngineJarIT {
    private static final Path ENGINE = Path.of(System.getProperty("taxon.engineJar", "target/engine.jar"));
    private static final Path BENCHMARKS = ENGINE.resolveSibling("benchmarks.jar");
    private static final String JAVA_25 =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @ParameterizedTest
    @ValueSource(strings = {"java", "25"})
    void printsItsVersionFromAnyFolder(String java, @TempDir Path folder) throws Exception {
        String out = run(folder, java.equals("25") ? JAVA_25 : java, "-jar", ENGINE.toString(), "--version");
        assertTrue(out.startsWith("Taxon"), out);
    }

    /** Under Java 25 too: a JVM is started again, with what is kept of earlier starts, but for what goes on for long. */
    @ParameterizedTest
    @ValueSource(strings = {"java", "25"})
    void keepsWhatHelpPrinted(String java, @TempDir Path folder) throws Exception {
        // Not the temporary folder: the start cache is made behind this test's back.
        Path cache = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "start");
        String program = java.equals("25") ? JAVA_25 : java;
        Map<String, String> kept = Map.of("XDG_CACHE_HOME", cache.toString());
        String plain = run(folder, Map.of("TAXON_AOT", "off"), program, "-jar", ENGINE.toString(), "infer", "--help");
        assertEquals(plain, run(folder, kept, program, "-jar", ENGINE.toString(), "infer", "--help"));
        Path answer;
        try (Stream<Path> files = Files.list(cache.resolve("taxon"))) {
            answer = files.filter(f -> f.getFileName().toString().startsWith("answer-"))
                    .findFirst()
                    .orElseThrow();
        }
        assertEquals(plain, Files.readString(answer));
        Files.writeString(answer, "kept");
        assertEquals("kept", run(folder, kept, program, "-jar", ENGINE.toString(), "infer", "--help"));
    }

    @Test
    void benchmarksAreListedByTheDefaultJava(@TempDir Path folder) throws Exception {
        String out = run(folder, "java", "-jar", BENCHMARKS.toString(), "-l");
        assertTrue(out.startsWith("Benchmarks:"), out);
    }

    /** What is listed is inside, and so is what it needs: oneDNN's kernels beside the jar, natives in the engine's. */
    @ParameterizedTest
    @ValueSource(strings = {"KernelBench.*:-p kernel=COLUMN_SUM", "ConvolutionBench:-p window=LENET_FIRST"})
    void benchmarksOfKernelsRun(String which, @TempDir Path folder) throws Exception {
        List<String> command = new ArrayList<>(List.of("java", "-jar", BENCHMARKS.toString()));
        command.add("\\." + which.substring(0, which.indexOf(':')));
        command.addAll(List.of(which.substring(which.indexOf(':') + 1).split(" ")));
        command.addAll(List.of("-f", "0", "-wi", "0", "-i", "1", "-r", "10ms", "-foe", "true"));
        String out = run(folder, command.toArray(String[]::new));
        assertTrue(out.contains("Run complete"), out);
    }

    @Test
    void launcherIsJava8ByteCode() throws IOException {
        try (JarFile jar = new JarFile(ENGINE.toFile());
                var in = new DataInputStream(jar.getInputStream(jar.getEntry("dev/taxon/launcher/Launcher.class")))) {
            assertEquals(0xCAFEBABE, in.readInt());
            assertEquals(0, in.readUnsignedShort());
            assertEquals(52, in.readUnsignedShort());
        }
    }

    @Test
    void licencesAreInsideAndSignaturesAreNot() throws IOException {
        try (JarFile jar = new JarFile(ENGINE.toFile())) {
            assertTrue(jar.getEntry("META-INF/LICENSE") != null);
            assertTrue(jar.getEntry("META-INF/NOTICE") != null);
            List<String> names = jar.stream().map(entry -> entry.getName()).toList();
            assertFalse(names.stream().anyMatch(name -> name.endsWith(".SF") || name.endsWith("module-info.class")));
            assertEquals(names.stream().distinct().count(), names.size());
        }
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        return run(folder, Map.of(), command);
    }

    private static String run(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out;
    }
}
