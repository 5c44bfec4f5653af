package dev.taxon.metric;

import java.util.List;
import java.util.Map;

/**
 * Numbers about a data set's scores that are computed together. A value is a {@link Double}, a {@link Long}, a list of
 * them by class, or for a matrix a list of such lists. Shares are in percent, as in mmcls.
 */
interface Metric {
    /** What a user asks for, in the order of the result. */
    List<String> names();

    /**
     * Adds what is asked for.
     *
     * @param asked some of {@link #names}, in their order
     * @param out values by key; a key is the name, and what options add to it
     */
    void evaluate(Scores scores, List<String> asked, MetricOptions options, Map<String, Object> out);
}
