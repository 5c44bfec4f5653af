package dev.taxon.data.archive;

import dev.taxon.UserError;
import dev.taxon.checkpoint.AtomicFile;
import dev.taxon.data.archive.IndexHeader.Stale;
import dev.taxon.report.Progress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongConsumer;

/** The file beside a tar or zip that holds its index, made when it is missing, of another version, or of other contents. */
final class IndexFile {
    static final String ENDING = ".taxon-index";

    private final Path archive;
    private final Format format;
    private final Progress progress;

    /** @param format tar or zip */
    IndexFile(Path archive, Format format, Progress progress) {
        this.archive = archive;
        this.format = format;
        this.progress = progress;
    }

    /** The index, mapped into {@code arena}. */
    Index open(Arena arena) throws IOException {
        Identity identity = Identity.of(archive);
        Path file = Storage.beside(archive).resolve(archive.getFileName() + ENDING);
        if (Files.exists(file)) {
            try {
                return map(file, identity, arena);
            } catch (Stale e) {
                progress.line(file + " " + e.getMessage() + ": it is made anew");
            }
        }
        write(file, identity);
        try {
            return map(file, identity, arena);
        } catch (Stale e) {
            throw UserError.of(
                    "%s was written and then %s; does another program write there, or to %s?",
                    file, String.valueOf(e.getMessage()), archive);
        }
    }

    private static Index map(Path file, Identity identity, Arena arena) throws IOException, Stale {
        try (FileChannel channel = FileChannel.open(file)) {
            Index index = new Index(channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
            if (!index.identity().equals(identity)) {
                throw new Stale("belongs to an archive of another size or time");
            }
            return index;
        }
    }

    private void write(Path file, Identity identity) throws IOException {
        Members members = new Members();
        boolean endMissing = false;
        switch (format) {
            case TAR -> {
                try (FileChannel channel = FileChannel.open(archive)) {
                    TarListing listing = new TarListing(archive.toString(), channel, members, watch(identity, members));
                    listing.list();
                    endMissing = listing.endMissing();
                }
            }
            case ZIP -> ZipListing.list(archive, members, watch(identity, members));
            case PACKED, GZIP -> throw new IllegalArgumentException(format.toString());
        }
        Members.Sorted sorted = members.sorted();
        AtomicFile.write(file, channel -> IndexWriter.write(channel, sorted, identity));
        progress.line("%s: an index of %,d members is in %s".formatted(archive, sorted.count(), file));
        members.leftOut().forEach(left -> progress.line("  left out: " + left));
        if (endMissing) {
            progress.line("  warning: the zeros that end a tar are missing; it may be cut off behind its last member");
        }
    }

    private LongConsumer watch(Identity identity, Members members) {
        return at -> progress.draw(() -> String.format(
                Locale.ROOT,
                "Indexing %s: %d %%, %,d members",
                archive,
                100 * at / Math.max(1, identity.size()),
                members.size()));
    }
}
