package dev.taxon.train;

import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import org.jspecify.annotations.Nullable;

/**
 * The key {@code fp16}: mmcv's training in half precision with a scaled loss. The devices compute in float32, whose range
 * needs no scale, so that such a config trains in float32, and the run says so.
 */
final class MixedPrecision {
    /** What a run of such a config says. */
    static final String NOTE = "fp16 is set, but this device trains in float32: same recipe, no half precision, and"
            + " loss_scale has nothing to do";

    private MixedPrecision() {}

    /** Refuses what mmcv would. */
    static void check(@Nullable Fields f) {
        if (f == null) {
            return;
        }
        Value scale = f.value("loss_scale");
        boolean known = scale == null
                || scale instanceof Value.Int
                || scale instanceof Value.Real
                || scale instanceof Value.Dict
                || (scale instanceof Value.Text t && t.value().equals("dynamic"));
        if (!known) {
            throw f.error("loss_scale", "must be a number, 'dynamic' or a dict");
        }
        f.ignore("coalesce", "bucket_size_mb", "distributed").done();
    }
}
