package dev.taxon.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaSearchTest {
    @TempDir
    Path temp;

    private Path jvm;
    private Path opt;

    @BeforeEach
    void folders() throws IOException {
        jvm = Files.createDirectory(temp.resolve("jvm"));
        opt = Files.createDirectory(temp.resolve("opt"));
    }

    private Path find(Map<String, String> env) throws JavaSearch.Missing {
        return new JavaSearch(env, List.of(jvm.toFile(), opt.toFile()))
                .find()
                .folder
                .toPath();
    }

    @Test
    void newestOfTheUsualFoldersWins() throws Exception {
        FakeJava.in(jvm.resolve("java-17"), "17.0.15");
        FakeJava.in(jvm.resolve("java-25"), "25.0.3");
        Path newest = FakeJava.in(opt.resolve("jdk"), "25.0.10");
        assertEquals(newest, find(Map.of()));
    }

    @Test
    void earlierFolderWinsAmongEquals() throws Exception {
        Path first = FakeJava.in(jvm.resolve("b"), "25.0.3");
        FakeJava.in(jvm.resolve("c"), "25.0.3");
        FakeJava.in(opt.resolve("a"), "25.0.3");
        assertEquals(first, find(Map.of()));
    }

    @Test
    void javaHomeGoesBeforeTheUsualFoldersWhenSuitable() throws Exception {
        Path newest = FakeJava.in(jvm.resolve("java-26"), "26");
        Path own = FakeJava.in(temp.resolve("mine"), "25");
        Path old = FakeJava.in(temp.resolve("old"), "21.0.1");
        assertEquals(own, find(Map.of("JAVA_HOME", own.toString())));
        assertEquals(newest, find(Map.of("JAVA_HOME", old.toString())));
    }

    @Test
    void engineJavaHomeDecides() throws Exception {
        FakeJava.in(jvm.resolve("java-26"), "26");
        Path own = FakeJava.in(temp.resolve("mine"), "25");
        Path old = FakeJava.in(temp.resolve("old"), "21.0.1");
        assertEquals(own, find(Map.of("ENGINE_JAVA_HOME", own.toString(), "JAVA_HOME", old.toString())));

        String tooOld = refusal(Map.of("ENGINE_JAVA_HOME", old.toString()));
        assertTrue(tooOld.contains("ENGINE_JAVA_HOME is " + old + ", which holds Java 21.0.1"), tooOld);
        String empty = refusal(Map.of("ENGINE_JAVA_HOME", temp.toString()));
        assertTrue(empty.contains("holds no Java"), empty);
    }

    @Test
    void withNoneTheSentenceNamesTheFoldersAndTheCure() throws Exception {
        FakeJava.in(jvm.resolve("java-17"), "17.0.15");
        String sentence = refusal(Map.of());
        assertTrue(sentence.contains(jvm + ", " + opt), sentence);
        assertTrue(sentence.contains("ENGINE_JAVA_HOME"), sentence);
    }

    @Test
    void brokenFoldersArePassedOver() throws Exception {
        Files.createDirectory(jvm.resolve("empty"));
        Files.writeString(jvm.resolve("a-file"), "x");
        Path noProgram = FakeJava.in(jvm.resolve("no-program"), "25.0.9");
        Files.delete(noProgram.resolve("bin/java"));
        Path noVersion = FakeJava.in(jvm.resolve("no-version"), "25.0.9");
        Files.writeString(noVersion.resolve("release"), "\\u00zz broken");
        Path good = FakeJava.in(jvm.resolve("good"), "25.0.1");
        assertEquals(good, find(Map.of()));
    }

    @Test
    void macKeepsAJavaInContentsHome() throws Exception {
        Path home = FakeJava.in(jvm.resolve("temurin-25.jdk/Contents/Home"), "25.0.1");
        assertEquals(home, find(Map.of()));
    }

    @Test
    void eachPlatformHasItsUsualFolders() {
        assertTrue(JavaSearch.usualFolders("linux", "/home/me", Map.of()).contains(new File("/usr/lib/jvm")));
        assertTrue(JavaSearch.usualFolders("linux", "/home/me", Map.of()).contains(new File("/home/me/.jdks")));
        assertTrue(JavaSearch.usualFolders("mac os x", "/Users/me", Map.of())
                .contains(new File("/Library/Java/JavaVirtualMachines")));
        assertTrue(JavaSearch.usualFolders("windows 11", "C:\\me", Map.of("ProgramFiles", "D:\\P"))
                .contains(new File("D:\\P", "Eclipse Adoptium")));
    }

    private String refusal(Map<String, String> env) {
        return assertThrows(JavaSearch.Missing.class, () -> find(env)).getMessage();
    }
}
