package dev.taxon.data.fetch;

import java.io.IOException;
import java.nio.file.Path;

/** One place that a data set's files can come from. */
interface Source {
    /** How messages name it. */
    String name();

    /**
     * Brings what it can of the delivery's missing files.
     *
     * @param scratch an existing folder for parts; what is there at the next attempt is gone on with
     * @throws IOException with a message that says why in a few words
     */
    void bring(Delivery delivery, Path scratch, TransferProgress progress) throws IOException, InterruptedException;
}
