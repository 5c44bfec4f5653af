package dev.taxon.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The launcher in a jar of its own with {@link Probe} as the program, under this Java 25 and under the machine's default java. */
class LauncherIT {
    @TempDir
    static Path temp;

    private static Path jar;

    /** Which java starts the jar. */
    enum Start {
        SAME_JVM(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
        DEFAULT_JAVA("java");

        final String java;

        Start(String java) {
            this.java = java;
        }
    }

    @BeforeAll
    static void packJar() throws IOException {
        // The space is on purpose.
        jar = temp.resolve("a probe.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Launcher.class.getName());
        manifest.getMainAttributes().putValue("Launcher-Main", Probe.class.getName());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Path classes : List.of(Path.of("target/classes"), Path.of("target/test-classes"))) {
                addLauncherClasses(classes, out);
            }
        }
    }

    private static void addLauncherClasses(Path classes, JarOutputStream out) throws IOException {
        try (var files = Files.list(classes.resolve("dev/taxon/launcher"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    private record Result(int exit, String out, String err) {}

    private static Process start(Start start, Map<String, String> env, List<String> flags, String... args)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(start.java));
        command.addAll(flags);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(List.of("ENGINE_JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        // The JVM of this test is a suitable one, wherever it lies.
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(env);
        return builder.start();
    }

    private static Result run(Start start, Map<String, String> env, List<String> flags, String stdin, String... args)
            throws IOException, InterruptedException {
        Process process = start(start, env, flags, args);
        try (OutputStream in = process.getOutputStream()) {
            in.write(stdin.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "did not end");
        return new Result(process.exitValue(), out, err);
    }

    @ParameterizedTest
    @EnumSource
    void argumentsFlagsAndExitCodeArrive(Start start) throws Exception {
        Result result = run(
                start, Map.of(), List.of("-Xmx300m", "-Dprobe.property=a b"), "", "exit", "42", "", "two words", "*");
        assertEquals(42, result.exit, result.err);
        assertTrue(result.out.contains("args exit|42||two words|*\n"), result.out);
        assertTrue(result.out.contains("property a b\n"), result.out);
        assertTrue(result.out.matches("(?s).*heap (29\\d|30\\d)\n.*"), result.out);
        assertTrue(result.out.matches("(?s)feature 2[5-9]\n.*"), result.out);
        assertEquals("on stderr", result.err.trim());
    }

    @ParameterizedTest
    @EnumSource
    void standardInputArrives(Start start) throws Exception {
        Result result = run(start, Map.of(), List.of(), "hello\n", "echo");
        assertEquals(0, result.exit, result.err);
        assertTrue(result.out.contains("stdin hello"), result.out);
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionOfTheProgramIsShownAsItsOwn(Start start) throws Exception {
        Result result = run(start, Map.of(), List.of(), "", "throw");
        assertEquals(1, result.exit);
        assertTrue(result.err.contains("IllegalStateException: thrown by the program"), result.err);
        assertFalse(result.err.contains("InvocationTargetException"), result.err);
    }

    @ParameterizedTest
    @EnumSource
    void terminationLetsTheProgramFinish(Start start) throws Exception {
        endBy("TERM", 143, start);
    }

    @ParameterizedTest
    @EnumSource
    void interruptLetsTheProgramFinish(Start start) throws Exception {
        endBy("INT", 130, start);
    }

    @Test
    void aKilledLauncherLeavesNoOrphan() throws Exception {
        assumeOldDefaultJava();
        Path done = temp.resolve("done-killed");
        Process process = startWaiting(Start.DEFAULT_JAVA, done);
        process.destroyForcibly();
        for (int i = 0; i < 200 && !Files.exists(done); i++) {
            Thread.sleep(100);
        }
        assertTrue(Files.exists(done), "the program runs on without its launcher");
    }

    private static Process startWaiting(Start start, Path done) throws IOException {
        Process process = start(start, Map.of(), List.of(), "wait", done.toString());
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); !"waiting".equals(line); line = out.readLine()) {
            assertTrue(line != null, "the program never came to wait");
        }
        return process;
    }

    private static void endBy(String signal, int exit, Start start) throws IOException, InterruptedException {
        Path done = temp.resolve("done-" + start + "-" + signal);
        Process process = startWaiting(start, done);
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertEquals(0, kill.waitFor());
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "did not end");
        assertEquals(exit, process.exitValue());
        String finished = Files.readString(done);
        long child = Long.parseLong(finished.substring("finished ".length()));
        assertFalse(ProcessHandle.of(child).isPresent(), "the program outlived its launcher");
    }

    @Test
    void withoutANewJavaOneSentenceSaysWhatIsMissing() throws Exception {
        assumeOldDefaultJava();
        Path fake = FakeJava.in(temp.resolve("fake-21"), "21.0.4");
        Result result =
                run(Start.DEFAULT_JAVA, Map.of("ENGINE_JAVA_HOME", fake.toString()), List.of(), "", "exit", "0");
        assertEquals(2, result.exit);
        assertEquals(1, result.err.lines().count(), result.err);
        assertTrue(result.err.startsWith("Taxon needs Java 25 or newer and was started with Java "), result.err);
        assertTrue(result.err.contains("ENGINE_JAVA_HOME is " + fake + ", which holds Java 21.0.4"), result.err);
    }

    @Test
    void flagsThatOnlyOldJavasKnowDoNotStopIt() throws Exception {
        assumeOldDefaultJava();
        // Biased locking left after Java 17; the debugger's port is held by the JVM that was started first.
        Result result = run(
                Start.DEFAULT_JAVA,
                Map.of(),
                List.of(
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "-XX:+UseBiasedLocking",
                        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"),
                "",
                "exit",
                "0");
        assertEquals(0, result.exit, result.err);
        assertTrue(result.err.contains("without -agentlib:jdwp"), result.err);
    }

    private static void assumeOldDefaultJava() throws IOException, InterruptedException {
        Process version =
                new ProcessBuilder("java", "-version").redirectErrorStream(true).start();
        String text = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        version.waitFor();
        String quoted = text.replaceAll("(?s).*? version \"([^\"]+)\".*", "$1");
        assumeTrue(JavaVersion.feature(quoted) < JavaVersion.NEEDED, "the default java is new enough: " + quoted);
    }
}
