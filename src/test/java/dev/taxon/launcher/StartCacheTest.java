package dev.taxon.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache of the next start, with a Java that is a shell script. */
class StartCacheTest {
    private static final long WAIT_MILLIS = 20_000;

    @TempDir
    Path folder;

    private Path caches;
    private List<String> words;
    private Map<String, String> environment;
    private JavaHome home;

    @BeforeEach
    void place() throws IOException {
        caches = folder.resolve("cache/taxon");
        environment = Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString());
        words = List.of(
                "-Xmx1g",
                "-jar",
                Files.writeString(folder.resolve("e.jar"), "jar").toString(),
                "infer");
        home = java(
                "25.0.1", "for w in \"$@\"; do case $w in -XX:AOTCacheOutput=*) echo made > \"${w#*=}\";; esac; done");
    }

    private JavaHome java(String version, String script) throws IOException {
        Path fake = FakeJava.in(folder.resolve("jdk"), version);
        Files.writeString(fake.resolve("bin/java"), "#!/bin/sh\n" + script + "\n");
        return JavaHome.read(fake.toFile());
    }

    private StartCache cache() {
        StartCache cache = StartCache.of(home, words, environment);
        assertNotNull(cache);
        return cache;
    }

    @Test
    void madeOnceAndUsed() throws Exception {
        assertTrue(cache().flags().isEmpty());
        cache().makeInBackground();
        List<Path> files = settled();
        assertEquals(1, files.size(), files::toString);
        assertEquals("-XX:AOTCache=" + files.getFirst(), cache().flags().getFirst());
        cache().makeInBackground();
        assertEquals(files, settled());
    }

    @Test
    void aMakerThatFailsLeavesNothing() throws Exception {
        home = java("25.0.1", "exit 1");
        cache().makeInBackground();
        assertTrue(settled().isEmpty());
        assertTrue(cache().flags().isEmpty());
    }

    @Test
    void anotherProcessIsAtIt() throws Exception {
        cache().makeInBackground();
        Path made = settled().getFirst();
        Files.delete(made);
        Path lock = Files.createFile(made.resolveSibling(made.getFileName() + ".lock"));
        cache().makeInBackground();
        assertFalse(Files.exists(made));
        Files.delete(lock);
    }

    @Test
    void anotherJarOrJavaHasAnother() throws Exception {
        cache().makeInBackground();
        settled();
        Files.writeString(folder.resolve("e.jar"), "another jar");
        assertTrue(cache().flags().isEmpty());
        Files.writeString(folder.resolve("e.jar"), "jar");
        home = java("25.0.2", "exit 0");
        assertTrue(cache().flags().isEmpty());
    }

    @Test
    void whereThereIsNone() {
        assertNull(StartCache.of(home, words, Map.of("TAXON_AOT", "off")));
        assertNull(StartCache.of(home, List.of("-cp", "classes", "dev.taxon.Main"), environment));
        assertNull(StartCache.of(home, List.of("-Xshare:off", "-jar", words.get(2)), environment));
        assertNull(StartCache.of(home, List.of("-XX:AOTCache=mine", "-jar", words.get(2)), environment));
    }

    /** Answers are kept for texts alone, and told apart by their arguments. */
    @Test
    void keptAnswers() throws Exception {
        String[] help = {"train", "--help"};
        KeptAnswer answer = KeptAnswer.of(home, words, help, environment);
        assertNotNull(answer);
        assertFalse(answer.print());
        Process child = new ProcessBuilder("/bin/echo", "").start();
        assertEquals(0, answer.pass(child));
        assertTrue(KeptAnswer.of(home, words, help, environment).print());
        List<String> others = List.of("-jar", words.get(2), "test");
        assertFalse(KeptAnswer.of(home, others, help, environment).print());
        assertNull(KeptAnswer.of(home, words, new String[] {"train", "c.py", "--help"}, environment));
        assertNull(KeptAnswer.of(home, words, new String[] {"train"}, environment));
        assertNull(KeptAnswer.of(home, words, new String[0], environment));
        assertNotEquals(
                0, KeptAnswer.of(home, others, help, environment).pass(new ProcessBuilder("/bin/false").start()));
        assertFalse(KeptAnswer.of(home, others, help, environment).print());
    }

    /** What is in the folder when no maker is at work. */
    private List<Path> settled() throws Exception {
        for (long end = System.currentTimeMillis() + WAIT_MILLIS; System.currentTimeMillis() < end; Thread.sleep(20)) {
            try (var files = Files.list(caches)) {
                List<Path> found = files.toList();
                if (found.stream().noneMatch(f -> f.toString().endsWith(".lock"))) {
                    return found;
                }
            }
        }
        throw new AssertionError("the maker does not end");
    }
}
