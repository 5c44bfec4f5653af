package dev.taxon.optim;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.config.Value;

/** The key {@code optimizer_config.grad_clip}. */
public sealed interface GradientClip {
    /** Scales gradients so that their p-norm is at most {@code max}. Source: torch.nn.utils.clip_grad_norm_. */
    record Norm(double max, double type) implements GradientClip {}

    /** Limits each element to [−limit, limit]. Source: torch.nn.utils.clip_grad_value_. */
    record Element(double limit) implements GradientClip {}

    /** {@code dict(max_norm, norm_type=2)}, as in mmcv, or {@code dict(clip_value)}. */
    static GradientClip read(Fields f) {
        if (f.has("error_if_nonfinite") && f.bool("error_if_nonfinite", false)) {
            throw f.error("error_if_nonfinite", "must be False: a run that diverges says so in its log");
        }
        GradientClip clip =
                f.has("clip_value") ? new Element(f.real("clip_value")) : new Norm(f.real("max_norm"), type(f));
        f.ignore("foreach").done();
        double limit = clip instanceof Element e ? e.limit() : ((Norm) clip).max();
        require(limit > 0, "%s: %s must limit by more than 0, got %s", f.dict().at(), f.path(), limit);
        return clip;
    }

    /** A positive number, or 'inf' for the largest magnitude. */
    private static double type(Fields f) {
        boolean infinite =
                f.value("norm_type") instanceof Value.Text t && t.value().equals("inf");
        double type = infinite ? Double.POSITIVE_INFINITY : f.real("norm_type", 2);
        require(type > 0, "%s: %s.norm_type must be positive, got %s", f.dict().at(), f.path(), type);
        return type;
    }
}
