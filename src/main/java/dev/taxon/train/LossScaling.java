package dev.taxon.train;

import dev.taxon.device.LossScale;
import dev.taxon.device.LossScaler;
import dev.taxon.report.RunLog;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The scale of the loss over a run in half precision. The device decides which steps are skipped; the run hears of it one step
 * later, before it needs to know.
 */
final class LossScaling {
    private final LossScaler scaler;
    private final RunLog log;
    private LossScale scale;
    private boolean unknown; // what came of the last step
    private long iteration; // of the last step

    /** @param from what the scaler starts with */
    LossScaling(LossScaler scaler, LossScale from, RunLog log) {
        this.scaler = scaler;
        this.log = log;
        scale = from;
    }

    void unscale() {
        scaler.unscale();
    }

    /** Behind an optimizer's step. */
    void finish(long iter) {
        scaler.finish();
        iteration = iter;
        unknown = true;
    }

    /** Whether the last step turns out to have been skipped: true once for each such step, which the log then names. */
    boolean skipped() {
        if (!unknown) {
            return false;
        }
        unknown = false;
        LossScaler.Outcome outcome = scaler.outcome();
        if (outcome.skipped()) {
            log.warning(
                    "iteration %d: a gradient is inf or NaN in half precision, so its step is skipped; loss scale %s -> %s"
                            .formatted(
                                    iteration + 1, scale.scale(), outcome.next().scale()));
        }
        scale = outcome.next();
        return outcome.skipped();
    }

    /** As GradScaler.state_dict, when it is known what came of the last step. */
    Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("scale", (double) scale.scale());
        state.put("growth_factor", scale.growthFactor());
        state.put("backoff_factor", scale.backoffFactor());
        state.put("growth_interval", scale.growthInterval());
        state.put("_growth_tracker", scale.growthTracker());
        return state;
    }

    /** Takes a state_dict, as GradScaler.load_state_dict; a fixed scale stays the config's, as mmcv sets it behind each step. */
    void restore(@Nullable Object state) {
        if (scale.dynamic()
                && state instanceof Map<?, ?> map
                && map.get("scale") instanceof Number factor
                && map.get("growth_factor") instanceof Number growth
                && map.get("backoff_factor") instanceof Number backoff
                && map.get("growth_interval") instanceof Number interval
                && map.get("_growth_tracker") instanceof Number tracker) {
            scale = new LossScale(
                    factor.floatValue(),
                    growth.doubleValue(),
                    backoff.doubleValue(),
                    interval.intValue(),
                    tracker.intValue(),
                    true);
            scaler.set(scale);
        }
    }
}
