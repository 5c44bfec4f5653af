package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.report.Progress;
import java.nio.file.Path;

/** Where a data set comes from when its files are not there. */
@FunctionalInterface
public interface Provider {
    /** Refuses: for runs that must not reach out. */
    Provider NONE = (kind, folder, test) -> {
        throw UserError.of("%s is not in %s, and fetching is off", kind.type(), folder);
    };

    /**
     * Puts the files of one split (or of both) below {@code folder}, so that {@link Kind#present} holds.
     *
     * @throws UserError if that fails
     */
    void provide(Kind kind, Path folder, boolean test);

    /** Shows how long work goes: listing an archive, say. */
    default Progress progress() {
        return Progress.none();
    }
}
