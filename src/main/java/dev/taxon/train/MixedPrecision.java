package dev.taxon.train;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.device.LossScale;
import org.jspecify.annotations.Nullable;

/**
 * The key {@code fp16}: training in half precision with a scaled loss, on devices that have it. Others compute in float32, whose
 * range needs no scale: there such a config trains in float32, and the run says so. Source: mmcv's Fp16OptimizerHook.
 */
final class MixedPrecision {
    /** What a run of such a config says on a device that multiplies in float32. */
    static final String NOTE = "fp16 is set, but this device trains in float32: same recipe, no half precision, and"
            + " loss_scale has nothing to do";

    private static final double DEFAULT_SCALE = 512;
    private static final int MAX_INTERVAL = 1 << 24; // counted in a float on the GPU

    private MixedPrecision() {}

    /** What losses are scaled by; null without the key. Refuses what mmcv and PyTorch would. */
    static @Nullable LossScale read(@Nullable Fields f) {
        if (f == null) {
            return null;
        }
        LossScale scale = switch (f.value("loss_scale")) {
            case null -> fixed(f, DEFAULT_SCALE);
            case Value.Int _, Value.Real _ -> fixed(f, f.real("loss_scale"));
            case Value.Text t when t.value().equals("dynamic") -> LossScale.DYNAMIC;
            case Value.Dict _ -> dynamic(f.dict("loss_scale"));
            default -> throw f.error("loss_scale", "must be a number, 'dynamic' or a dict");
        };
        f.ignore("coalesce", "bucket_size_mb", "distributed").done();
        return scale;
    }

    private static LossScale fixed(Fields f, double scale) {
        return LossScale.fixed(positive(f, "loss_scale", scale));
    }

    private static LossScale dynamic(Fields f) {
        LossScale usual = LossScale.DYNAMIC;
        float scale = positive(f, "init_scale", f.real("init_scale", usual.scale()));
        double growth = f.real("growth_factor", usual.growthFactor());
        double backoff = f.real("backoff_factor", usual.backoffFactor());
        int interval = f.integer("growth_interval", usual.growthInterval());
        require(
                growth > 1,
                "%s: %s.growth_factor must be greater than 1, got %s",
                f.dict().at(),
                f.path(),
                growth);
        require(
                backoff > 0 && backoff < 1,
                "%s: %s.backoff_factor must be between 0 and 1, got %s",
                f.dict().at(),
                f.path(),
                backoff);
        require(
                interval > 0 && interval < MAX_INTERVAL,
                "%s: %s.growth_interval must be from 1 to %d, got %d",
                f.dict().at(),
                f.path(),
                MAX_INTERVAL - 1,
                interval);
        if (!f.bool("enabled", true)) {
            throw f.error("enabled", "must be True; leave fp16 out to train without it");
        }
        f.done();
        return new LossScale(scale, growth, backoff, interval, 0, true);
    }

    private static float positive(Fields f, String key, double scale) {
        float value = (float) scale;
        if (!(value > 0) || Float.isInfinite(value)) {
            throw f.error(key, "must be a positive number, got " + scale);
        }
        return value;
    }
}
