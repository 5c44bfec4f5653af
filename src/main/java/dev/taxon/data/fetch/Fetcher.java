package dev.taxon.data.fetch;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Kind;
import dev.taxon.data.dataset.Provider;
import dev.taxon.report.Progress;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings a data set from the first source that has it. Files are verified before they appear in the folder; parts of a
 * download that was cut stay in {@code .fetch} below it, for the next attempt.
 */
public final class Fetcher implements Provider {
    private static final String SCRATCH = ".fetch";

    private final TransferProgress progress;
    private final Function<Kind, Catalog> catalog;

    /** Shows downloads on {@code progress}. */
    public Fetcher(Progress progress) {
        this(new TransferProgress(progress), Catalog::of);
    }

    Fetcher(TransferProgress progress, Function<Kind, Catalog> catalog) {
        this.progress = progress;
        this.catalog = catalog;
    }

    /**
     * Brings all files of a data set that are not there.
     *
     * @param folder what {@code data_prefix} names; made if absent
     * @throws UserError that lists each source with the reason why it failed
     */
    public void fetch(Kind kind, Path folder) {
        Catalog what = catalog.apply(kind);
        Path scratch = folder.resolve(SCRATCH);
        try {
            Files.createDirectories(scratch);
            List<String> failures;
            Delivery delivery = new Delivery(folder, scratch, what.files());
            try (FileChannel lockFile = FileChannel.open(
                            scratch.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lockFile.lock()) { // another run may be fetching the same
                failures = lock.isValid() ? tryAll(kind, what.sources(), delivery, scratch) : List.of();
            }
            if (!delivery.missing().isEmpty()) {
                clean(scratch);
                throw new UserError(sentence(kind, folder, delivery, failures));
            }
            Trees.delete(scratch);
            progress.line(kind.type() + " is in " + folder);
        } catch (IOException e) {
            throw new UserError("cannot write " + kind.type() + " to " + folder + ": " + e, e);
        }
    }

    @Override
    public void provide(Kind kind, Path folder, boolean test) {
        fetch(kind, folder);
    }

    @Override
    public Progress progress() {
        return progress.out();
    }

    private List<String> tryAll(Kind kind, List<Source> sources, Delivery delivery, Path scratch) {
        List<String> failures = new ArrayList<>();
        for (Source source : sources) {
            if (delivery.missing().isEmpty()) {
                break;
            }
            progress.line("Fetching " + kind.type() + " from " + source.name());
            try {
                source.bring(delivery, scratch, progress);
                if (!delivery.missing().isEmpty()) {
                    failures.add(source.name() + ": lacks "
                            + delivery.missing().stream().map(Wanted::name).collect(Collectors.joining(", ")));
                }
            } catch (IOException e) {
                progress.line("  failed: " + e.getMessage());
                failures.add(source.name() + ": " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failures.add(source.name() + ": interrupted");
                break;
            }
        }
        return failures;
    }

    /** Keeps only parts, which the next attempt goes on with. */
    private static void clean(Path scratch) throws IOException {
        try (var parts = Files.newDirectoryStream(scratch, "*.part")) {
            if (parts.iterator().hasNext()) {
                return;
            }
        }
        Trees.delete(scratch);
    }

    private static String sentence(Kind kind, Path folder, Delivery delivery, List<String> failures) {
        return kind.type() + " is not complete in " + folder + " and could not be fetched (tried "
                + String.join("; ", failures) + "); connect this machine and run again, or put "
                + delivery.missing().stream().map(Wanted::path).collect(Collectors.joining(", "))
                + " there by hand";
    }
}
