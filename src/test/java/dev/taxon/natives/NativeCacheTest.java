package dev.taxon.natives;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache of native libraries, on the small libraries of test resources {@code native-cache/}. */
class NativeCacheTest {
    private static final String FIRST = "libfirst.so";

    @TempDir
    Path root;

    private static NativeCache cache() {
        return new NativeCache("/native-cache");
    }

    @Test
    void extractsEveryLibraryWhole() throws IOException {
        Path folder = cache().extract(List.of(root));
        for (NativeCache.Entry entry : cache().entries()) {
            assertEquals(entry.size(), Files.size(folder.resolve(entry.name())));
            assertTrue(Files.isExecutable(folder.resolve(entry.name())));
        }
        assertEquals(3, count(folder), "two libraries, a marker, and no temporary files");
    }

    @Test
    void trustsWhatItVerifiedWithoutRewritingIt() throws IOException {
        Path file = cache().extract(List.of(root)).resolve(FIRST);
        Object inode = Files.getAttribute(file, "unix:ino");
        cache().extract(List.of(root));
        assertEquals(inode, Files.getAttribute(file, "unix:ino"));
    }

    @Test
    void replacesTruncatedAlteredAndMissingFiles() throws IOException {
        Path file = cache().extract(List.of(root)).resolve(FIRST);
        byte[] whole = Files.readAllBytes(file);

        Files.write(file, new byte[] {whole[0]});
        cache().extract(List.of(root));
        assertArrayEquals(whole, Files.readAllBytes(file));

        byte[] altered = whole.clone();
        altered[1] ^= 1; // same size, another time of modification
        Files.write(file, altered, StandardOpenOption.WRITE);
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        cache().extract(List.of(root));
        assertArrayEquals(whole, Files.readAllBytes(file));

        Files.delete(file);
        cache().extract(List.of(root));
        assertArrayEquals(whole, Files.readAllBytes(file));
    }

    @Test
    void processesThatStartTogetherShareOneFolder() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Path>> starts = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                starts.add(() -> cache().extract(List.of(root)));
            }
            for (Future<Path> start : threads.invokeAll(starts)) {
                assertEquals(3, count(start.get()));
            }
        }
    }

    @Test
    void fallsBackToTheNextRootAndSaysWhenNoneIsLeft() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "not a folder");
        Path second = root.resolve("second");
        assertTrue(cache().extract(List.of(file, second)).startsWith(second));
        String message = assertThrows(UserError.class, () -> cache().extract(List.of(file)))
                .getMessage();
        assertTrue(message.contains(file.toString()) && message.contains("XDG_CACHE_HOME"), message);
    }

    @Test
    void cacheFolderIsXdgThenHomeThenTemporary() {
        List<Path> roots = NativeLibrary.roots(Map.of("XDG_CACHE_HOME", "/x/cache"));
        assertEquals(Path.of("/x/cache/taxon"), roots.getFirst());
        assertEquals(3, roots.size());
        assertEquals(
                2, NativeLibrary.roots(Map.of("XDG_CACHE_HOME", "relative")).size());
    }

    @Test
    void otherPlatformsGetOneSentence() {
        assertEquals(
                "the CPU device runs on Linux x86-64; this is Mac OS X aarch64",
                assertThrows(UserError.class, () -> Platform.checkSystem("the CPU device", "Mac OS X", "aarch64"))
                        .getMessage());
    }

    private static long count(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> !f.toString().endsWith(".tmp")).count();
        }
    }
}
