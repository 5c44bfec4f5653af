package dev.taxon.data.dataset;

import dev.taxon.data.source.Names;
import dev.taxon.data.source.Source;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Pipeline;

/**
 * Takes an example as its data set holds it, with the pipeline that is left to do, where it can do that at once and
 * without a {@link dev.taxon.data.transform.Sample}. Answers false where it cannot.
 */
public interface Recipient {
    /** An image file: name {@code index} below {@code folder}; with an empty folder, that name. */
    boolean file(Pipeline pipeline, String folder, Names names, int index);

    /** An encoded image that lies elsewhere. */
    boolean source(Pipeline pipeline, Source source);

    /** An image in memory. */
    boolean image(Pipeline pipeline, Image.Bytes image);
}
