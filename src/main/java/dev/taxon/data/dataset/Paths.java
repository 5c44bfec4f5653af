package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.data.archive.Archive;
import dev.taxon.data.archive.ArchiveTree;
import dev.taxon.data.source.FolderTree;
import dev.taxon.data.source.Tree;
import dev.taxon.report.Progress;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Paths as a config has them: relative to {@code root}, with {@code ~}, and through archives: in {@code
 * data/pets.tar/train} the part that is a file is the archive, and the rest names a folder in it.
 *
 * @param root what relative paths are relative to
 * @param progress shows how an archive is indexed
 */
record Paths(Path root, Progress progress) {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** The place of a path, whether anything is there or not. */
    Path resolve(String path) {
        if (path.equals("~") || path.startsWith("~/")) {
            return Path.of(System.getProperty("user.home") + path.substring(1));
        }
        return root.resolve(path);
    }

    /**
     * The folder that a key names, on disk or in an archive.
     *
     * @throws UserError if there is none
     */
    Tree tree(Fields fields, String key) {
        return tree(fields, key, fields.text(key));
    }

    Tree tree(Fields fields, String key, String text) {
        Path path = resolve(text);
        if (Files.isDirectory(path)) {
            return new FolderTree(path);
        }
        Path file = archive(path);
        if (file == null) {
            throw fields.error(key, "names no folder: " + path.toAbsolutePath());
        }
        return opened(file, inner(file, path));
    }

    private Tree opened(Path file, String inner) {
        Archive archive = Archive.open(file, progress);
        try {
            return new ArchiveTree(archive, inner);
        } catch (Throwable e) {
            archive.close();
            throw e;
        }
    }

    private static String inner(Path file, Path path) {
        return path.equals(file) ? "" : file.relativize(path).toString().replace('\\', '/');
    }

    /** The first part of a path that is a file; null if there is none. */
    private static @Nullable Path archive(Path path) {
        for (Path at = path; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at)) {
                return at;
            }
        }
        return null;
    }

    /** All bytes of a file, which may lie in an archive. */
    byte[] read(String text, String key) {
        Path path = resolve(text);
        Path file = archive(path);
        if (file != null && !file.equals(path)) {
            try (Tree tree = opened(file, "")) {
                return tree.read(inner(file, path));
            }
        }
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UserError(key + " names the file " + path + ", which cannot be read: " + e, e);
        }
    }

    /** Takes a line of a file. */
    @FunctionalInterface
    interface LineReader {
        /** Takes it, with its place as messages name it: {@code a.txt:12}. */
        void read(String line, String where);
    }

    /** Reads a text file in UTF-8, which may lie in an archive, line by line. */
    void forEachLine(String path, String key, LineReader reader) {
        String name = resolve(path).toString();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new ByteArrayInputStream(read(path, key)), StandardCharsets.UTF_8.newDecoder()))) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String text = number == 0 && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
                reader.read(text, name + ":" + ++number);
            }
        } catch (CharacterCodingException e) {
            throw new UserError(key + " names the file " + name + ", which is no text in UTF-8", e);
        } catch (IOException e) {
            throw new UserError(key + " names the file " + name + ", which cannot be read: " + e, e);
        }
    }

    /** All lines of a short text file, stripped, but for empty ones. */
    List<String> lines(String text, String key) {
        List<String> lines = new ArrayList<>();
        forEachLine(text, key, (line, where) -> {
            if (!line.isBlank()) {
                lines.add(line.strip());
            }
        });
        return lines;
    }
}
