package dev.taxon.data.dataset;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Image files and their class indices, in the order of the list.
 *
 * @param folders the names of the class folders; empty for a list that was read from an annotation file
 * @param files relative to {@code data_prefix}, with {@code /}
 * @param labels one a file
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, not compared
record FileList(List<String> folders, List<String> files, int[] labels) {
    /** Python's order of strings: by code points. */
    private static final Comparator<String> ORDER =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    /**
     * The files below the sub-folders of {@code prefix}, one class a sub-folder, both in the order of their names.
     * Links are followed. Hidden files and hidden sub-folders do not count.
     *
     * @param extensions in small letters, with their dots
     */
    static FileList ofFolders(Path prefix, List<String> extensions) {
        List<String> folders;
        try (Stream<Path> entries = Files.list(prefix)) {
            folders = entries.filter(p -> !hidden(p) && Files.isDirectory(p))
                    .map(p -> p.getFileName().toString())
                    .sorted(ORDER)
                    .toList();
        } catch (IOException e) {
            throw new UserError("cannot list " + prefix + ": " + e, e);
        }
        List<String> files = new ArrayList<>();
        IntStream.Builder labels = IntStream.builder();
        for (int label = 0; label < folders.size(); label++) {
            List<String> found = images(prefix, prefix.resolve(folders.get(label)), extensions);
            files.addAll(found);
            for (int i = 0; i < found.size(); i++) {
                labels.add(label);
            }
        }
        return new FileList(folders, files, labels.build().toArray());
    }

    private static List<String> images(Path prefix, Path folder, List<String> extensions) {
        List<String> found = new ArrayList<>();
        var visitor = new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
                if (attributes.isRegularFile()
                        && !hidden(file)
                        && extensions.stream().anyMatch(name::endsWith)) {
                    found.add(prefix.relativize(file).toString().replace('\\', '/'));
                }
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        } catch (IOException e) {
            throw new UserError("cannot list " + folder + ": " + e, e);
        }
        found.sort(ORDER);
        return found;
    }

    private static boolean hidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    /**
     * Lines {@code relative/path label}, divided at the last space; empty lines do not count.
     *
     * @param classes what a label may name instead of its index
     */
    static FileList ofAnnotations(Path annotations, List<String> classes) {
        List<String> files = new ArrayList<>();
        IntStream.Builder labels = IntStream.builder();
        List<String> lines = lines(annotations, "ann_file");
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int space = line.lastIndexOf(' ');
            UserError.require(
                    space > 0 || line.isEmpty(),
                    "%s:%d: expected 'relative/path label', got '%s'",
                    annotations,
                    i + 1,
                    line);
            if (space > 0) {
                files.add(line.substring(0, space).strip());
                labels.add(label(line.substring(space + 1), classes, annotations, i + 1));
            }
        }
        return new FileList(List.of(), files, labels.build().toArray());
    }

    private static int label(String text, List<String> classes, Path annotations, int line) {
        if (text.matches("[0-9]{1,9}")) {
            int label = Integer.parseInt(text);
            UserError.require(
                    classes.isEmpty() || label < classes.size(),
                    "%s:%d: the label is %d, but there are %d classes; check the config's 'classes'",
                    annotations,
                    line,
                    label,
                    classes.size());
            return label;
        }
        int label = classes.indexOf(text);
        UserError.require(
                label >= 0,
                "%s:%d: the label '%s' is neither a class index nor one of 'classes'",
                annotations,
                line,
                text);
        return label;
    }

    /** All lines of a text file in UTF-8. */
    static List<String> lines(Path file, String key) {
        try {
            return Files.readAllLines(file);
        } catch (MalformedInputException e) {
            throw new UserError(key + " names the file " + file + ", which is no text in UTF-8", e);
        } catch (IOException e) {
            throw new UserError(key + " names the file " + file + ", which cannot be read: " + e, e);
        }
    }
}
