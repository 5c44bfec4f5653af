package dev.taxon.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Takes files for a folder. A file appears there under its name only when all of it has come and its md5 is right;
 * until then it lies in the scratch folder.
 */
final class Delivery {
    private final Path folder;
    private final Path scratch;
    private final List<Wanted> wanted;

    Delivery(Path folder, Path scratch, List<Wanted> wanted) {
        this.folder = folder;
        this.scratch = scratch;
        this.wanted = List.copyOf(wanted);
    }

    /** What is not in the folder yet, neither plain nor gzipped. */
    List<Wanted> missing() {
        return wanted.stream()
                .filter(w -> !Files.exists(folder.resolve(w.path())) && !Files.exists(folder.resolve(w.path() + ".gz")))
                .toList();
    }

    /** The missing file that an archive calls {@code name}. */
    Optional<Wanted> find(String name) {
        return missing().stream().filter(w -> w.name().equals(name)).findFirst();
    }

    /**
     * Writes, verifies and then renames.
     *
     * @param contents read to its end, not closed
     * @throws WrongContents if the md5 differs
     */
    void accept(Wanted file, InputStream contents) throws IOException {
        Path temporary = scratch.resolve(file.name() + ".tmp");
        try {
            MessageDigest md5 = md5();
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(temporary), md5)) {
                contents.transferTo(out);
            }
            String got = HexFormat.of().formatHex(md5.digest());
            if (!got.equals(file.md5())) {
                throw new WrongContents(file, got);
            }
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Path target = folder.resolve(file.path());
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    /** A file came whole, and is not what it should be. */
    static final class WrongContents extends IOException {
        private static final long serialVersionUID = 1;

        WrongContents(Wanted file, String got) {
            super("sent a wrong " + file.name() + " (md5 expected " + file.md5() + ", got " + got
                    + "; nothing of it was kept)");
        }
    }
}
