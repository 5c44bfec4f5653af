package dev.taxon.data.source;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The files of a folder. Links are followed. */
public record FolderTree(Path folder) implements Tree {
    @Override
    public String name() {
        return folder.toString();
    }

    @Override
    public ByFolder byFolder(List<String> extensions) {
        List<String> folders;
        try (Stream<Path> entries = Files.list(folder)) {
            folders = entries.filter(p -> !hidden(p) && Files.isDirectory(p))
                    .map(p -> p.getFileName().toString())
                    .sorted(Names.ORDER)
                    .toList();
        } catch (IOException e) {
            throw new UserError("cannot list " + folder + ": " + e, e);
        }
        Names.Builder names = new Names.Builder();
        IntStream.Builder labels = IntStream.builder();
        for (int label = 0; label < folders.size(); label++) {
            for (String image : below(folder.resolve(folders.get(label)), extensions)) {
                names.add(image);
                labels.add(label);
            }
        }
        return new ByFolder(
                folders,
                new FolderImages(folder.toString(), names.build()),
                labels.build().toArray());
    }

    private List<String> below(Path start, List<String> extensions) {
        List<String> found = new ArrayList<>();
        var visitor = new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
                if (attributes.isRegularFile()
                        && !hidden(file)
                        && extensions.stream().anyMatch(name::endsWith)) {
                    found.add(folder.relativize(file).toString().replace('\\', '/'));
                }
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        } catch (IOException e) {
            throw new UserError("cannot list " + start + ": " + e, e);
        }
        found.sort(Names.ORDER);
        return found;
    }

    private static boolean hidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    @Override
    public Images.Builder images() {
        Names.Builder names = new Names.Builder();
        return new Images.Builder() {
            @Override
            public void add(String name, String where) {
                names.add(name); // whether it is there is seen when it is read: a list may have millions of files
            }

            @Override
            public Images build() {
                return new FolderImages(folder.toString(), names.build());
            }
        };
    }

    @Override
    public byte[] read(String file) {
        try {
            return Files.readAllBytes(folder.resolve(file));
        } catch (IOException e) {
            throw new UserError("cannot read " + folder.resolve(file) + ": " + e, e);
        }
    }

    @Override
    public void close() {}
}
