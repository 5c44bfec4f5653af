package dev.taxon.checkpoint;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that are whole or not there: written beside their place, flushed to the disk, then renamed. A full disk or a
 * killed process leaves the file that was there before.
 */
public final class AtomicFile {
    private static final String SUFFIX = ".tmp";

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
            deleteLeftovers(folder, "." + name + ".");
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

    /** What processes that were killed have left of this file; those that still run are let be. */
    private static void deleteLeftovers(Path folder, String prefix) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix) && name.endsWith(SUFFIX)) {
                    String pid = name.substring(prefix.length(), name.length() - SUFFIX.length());
                    if (pid.matches("[0-9]{1,18}")
                            && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                        delete(file);
                    }
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
