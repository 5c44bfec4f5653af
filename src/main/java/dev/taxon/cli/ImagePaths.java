package dev.taxon.cli;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The image files that arguments of a command line name.
 *
 * @param files in the order of the arguments; those of a folder or pattern are sorted
 * @param one whether a single file was named, so that its result stands alone
 */
record ImagePaths(List<Path> files, boolean one) {
    private static final List<String> EXTENSIONS =
            List.of(".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm");
    private static final Pattern WILD = Pattern.compile("[*?\\[{]");

    /**
     * Expands files, folders (with the images in and below them) and patterns that the shell left alone.
     *
     * @throws UserError if a folder or a pattern names nothing
     */
    static ImagePaths of(List<String> arguments) {
        List<Path> files = new ArrayList<>();
        for (String argument : arguments) {
            Path path = Path.of(argument);
            if (Files.isDirectory(path)) {
                List<Path> inside = below(path, ImagePaths::isImage);
                require(
                        !inside.isEmpty(),
                        "the folder %s has no images: no file in or below it ends in %s",
                        path,
                        String.join(", ", EXTENSIONS));
                files.addAll(inside);
            } else if (!Files.exists(path) && WILD.matcher(argument).find()) {
                List<Path> matching = matching(argument);
                require(!matching.isEmpty(), "no file matches %s", argument);
                files.addAll(matching);
            } else {
                files.add(path); // who reads it says what is wrong with it, among others that are right
            }
        }
        boolean one = arguments.size() == 1 && files.equals(List.of(Path.of(arguments.getFirst())));
        return new ImagePaths(List.copyOf(files), one);
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && EXTENSIONS.stream().anyMatch(name::endsWith);
    }

    private static List<Path> matching(String pattern) {
        int slash = pattern.lastIndexOf('/', firstWild(pattern));
        Path start = slash < 0 ? Path.of("") : Path.of(pattern.substring(0, slash + 1));
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            return Files.isDirectory(start) ? below(start, matcher::matches) : List.of();
        } catch (PatternSyntaxException e) {
            throw UserError.of("%s is no pattern: %s", pattern, e.getDescription());
        }
    }

    private static int firstWild(String pattern) {
        var matcher = WILD.matcher(pattern);
        return matcher.find() ? matcher.start() : pattern.length();
    }

    private static List<Path> below(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(f -> wanted.test(f) && Files.isRegularFile(f))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new UserError("the folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
