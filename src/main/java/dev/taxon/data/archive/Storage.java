package dev.taxon.data.archive;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/** Where what is made of an archive is kept: beside it, or, where that may not be written, in the user's cache. */
final class Storage {
    private Storage() {}

    /** An existing folder for files that belong to {@code archive}. */
    static Path beside(Path archive) throws IOException {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path cache = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return beside(archive, Files::isWritable, cache);
    }

    /** The same, with who may write where, and the user's cache. */
    static Path beside(Path archive, Predicate<Path> writable, Path cache) throws IOException {
        Path folder = archive.toAbsolutePath().getParent();
        if (folder != null && writable.test(folder)) {
            return folder;
        }
        CRC32 crc = new CRC32();
        crc.update(archive.toRealPath().toString().getBytes(StandardCharsets.UTF_8));
        Path place = cache.resolve("taxon").resolve("archives").resolve(Long.toHexString(crc.getValue()));
        try {
            return Files.createDirectories(place);
        } catch (IOException e) {
            throw new UserError(
                    "the index of " + archive + " can be written neither beside it nor in " + place + " (" + e
                            + "); set XDG_CACHE_HOME to a folder that can be written",
                    e);
        }
    }
}
