package dev.taxon.data.fetch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Archives read as streams: only files that are wanted leave them, under names that we chose. */
final class Archives {
    private Archives() {}

    /** What to do with each file of an archive. */
    @FunctionalInterface
    interface Entry {
        /**
         * Takes one file.
         *
         * @param name its name without folders
         */
        void read(String name, InputStream contents) throws IOException;
    }

    /** Hands each wanted file to the delivery; {@code NAME.gz} is NAME, unpacked. */
    static Entry to(Delivery delivery) {
        return (name, contents) -> {
            boolean packed = name.endsWith(".gz");
            Optional<Wanted> file = delivery.find(packed ? name.substring(0, name.length() - 3) : name);
            if (file.isPresent()) {
                delivery.accept(file.get(), packed ? new GZIPInputStream(contents) : contents);
            }
        };
    }

    /** Reads a {@code .tar.gz} or {@code .tgz}. */
    static void tarGz(Path archive, Entry entry) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive));
                InputStream tar = new GZIPInputStream(in, 1 << 16)) {
            tar(tar, entry);
        }
    }

    /** Reads the files of a Debian package: an ar archive that holds {@code data.tar.xz} or {@code data.tar.gz}. */
    static void deb(Path archive, Entry entry) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive));
                ArArchiveInputStream ar = new ArArchiveInputStream(in)) {
            for (ArArchiveEntry e = ar.getNextEntry(); e != null; e = ar.getNextEntry()) {
                switch (e.getName()) {
                    case "data.tar.xz" -> tar(new XZCompressorInputStream(ar), entry);
                    case "data.tar.gz" -> tar(new GZIPInputStream(ar), entry);
                    default -> {} // control files
                }
            }
        }
    }

    private static void tar(InputStream in, Entry entry) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(in); // closed with its stream by the caller
        for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
            if (e.isFile()) {
                entry.read(e.getName().substring(e.getName().lastIndexOf('/') + 1), tar);
            }
        }
    }
}
