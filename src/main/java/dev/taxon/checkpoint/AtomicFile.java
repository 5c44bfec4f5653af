package dev.taxon.checkpoint;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that are whole or not there: written beside their place, flushed to the disk, then renamed. A full disk or a
 * killed process leaves the file that was there before.
 */
public final class AtomicFile {
    private static final String SUFFIX = ".tmp";
    private static final String LEFTOVER = "\\.(\\d{1,18})" + Pattern.quote(SUFFIX);

    private AtomicFile() {}

    /** Writes the contents from the channel's position 0 on. */
    @FunctionalInterface
    public interface Body {
        void write(FileChannel channel) throws IOException;
    }

    /** Chooses the final name once the contents are on the disk. */
    @FunctionalInterface
    public interface Naming {
        Path name(Path written) throws IOException;
    }

    /** Replaces {@code target}, or the link of that name. @throws UserError if it cannot be written */
    public static void write(Path target, Body body) {
        write(target, body, written -> target);
    }

    /**
     * As {@link #write(Path, Body)}, under a name that may depend on the contents, in the same folder.
     *
     * @param hint names the temporary file and, in messages, the result
     * @return the final path
     */
    public static Path write(Path hint, Body body, Naming naming) {
        Path folder = hint.toAbsolutePath().getParent();
        Path name = hint.getFileName();
        if (folder == null || name == null || Files.isDirectory(hint)) {
            throw UserError.of("%s is a folder; expected the name of a file to write", hint);
        }
        Path temporary =
                folder.resolve("." + name + "." + ProcessHandle.current().pid() + SUFFIX);
        try {
            Files.createDirectories(folder);
            deleteLeftovers(folder, Pattern.compile("\\." + Pattern.quote(name.toString()) + LEFTOVER));
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                body.write(channel);
                channel.force(true);
            }
            Path target = naming.name(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(folder)) {
                directory.force(true); // the new name, too, must survive a power failure
            }
            return target;
        } catch (IOException e) {
            throw new UserError(
                    hint + " cannot be written (" + e + "); a file that was there is unchanged. Free space or check"
                            + " the folder's permissions",
                    e);
        } finally {
            delete(temporary);
        }
    }

    /** Makes {@code link} point at a file of the same folder, whole or not at all; where links are not allowed, copies it. */
    public static void link(Path link, Path file) throws IOException {
        Path fresh = link.resolveSibling(
                "." + link.getFileName() + "." + ProcessHandle.current().pid() + SUFFIX);
        Files.deleteIfExists(fresh);
        try {
            Files.createSymbolicLink(fresh, file.getFileName());
        } catch (UnsupportedOperationException | IOException e) {
            Files.copy(file, fresh);
        }
        Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes what processes that were killed have left of any file in a folder; what others write now is let be. */
    public static void deleteLeftovers(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                deleteLeftovers(folder, Pattern.compile("\\..*" + LEFTOVER));
            }
        } catch (IOException e) {
            throw UserError.of("%s cannot be read: %s; check its permissions", folder, e);
        }
    }

    /** @param leftover matches the names; its first group is the process */
    private static void deleteLeftovers(Path folder, Pattern leftover) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher name = leftover.matcher(file.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    delete(file);
                }
            }
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // nothing to lose: the next write of this process takes the same name
        }
    }
}
