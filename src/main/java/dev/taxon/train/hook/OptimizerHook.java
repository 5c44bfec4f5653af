package dev.taxon.train.hook;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.device.RegionTable;
import dev.taxon.device.Weights;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import dev.taxon.train.Hook;
import dev.taxon.train.Runner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Backward pass, gradient clipping and the optimizer's step; with clipping, {@code grad_norm} is logged.
 *
 * @param clip the key {@code optimizer_config.grad_clip}
 */
public record OptimizerHook(@Nullable Clip clip) implements Hook {
    /** Scales gradients so that their p-norm is at most {@code maxNorm}. Source: torch.nn.utils.clip_grad_norm_. */
    public record Clip(double maxNorm, double normType) {
        public Clip {
            require(maxNorm > 0, "optimizer_config.grad_clip.max_norm must be positive, got %s", maxNorm);
            require(normType > 0, "optimizer_config.grad_clip.norm_type must be positive, got %s", normType);
        }
    }

    /** Reads {@code optimizer_config}; null means no clipping. */
    public static OptimizerHook read(@Nullable Fields f) {
        if (f == null) {
            return new OptimizerHook(null);
        }
        String type = f.text("type", "OptimizerHook");
        require(
                type.equals("OptimizerHook"),
                "%s: optimizer_config.type '%s' is not supported",
                f.dict().at(),
                type);
        Fields clip = f.dictOrNull("grad_clip");
        OptimizerHook hook =
                new OptimizerHook(clip == null ? null : new Clip(clip.real("max_norm"), clip.real("norm_type", 2)));
        if (clip != null) {
            clip.done();
        }
        f.ignore("detect_anomalous_params").done();
        return hook;
    }

    @Override
    public Priority priority() {
        return Priority.ABOVE_NORMAL;
    }

    @Override
    public void afterIter(Runner runner) {
        Weights weights = runner.session().weights();
        runner.backward();
        if (clip != null) {
            double norm = weights.gradientNorm(clip.normType);
            double factor = clip.maxNorm / (norm + 1e-6);
            if (factor < 1) {
                weights.scaleGradients((float) factor);
            }
            runner.buffer().update("grad_norm", norm, runner.batchSize());
        }
        UpdateRule rule = runner.optimizer().rule(runner.lr(), !runner.momentumReady());
        weights.update(updates(weights, rule));
        runner.stepTaken();
    }

    /** One update for each run of neighbouring trainable parameters. */
    private static List<Update> updates(Weights weights, UpdateRule rule) {
        List<Update> updates = new ArrayList<>();
        long start = -1;
        long end = 0;
        for (Parameter p : weights.graph().executionParameters()) {
            RegionTable.Slice slice = weights.table().slice(p);
            if (p.trainable()) {
                start = start < 0 ? slice.offset() : start;
                end = slice.offset() + slice.length();
            } else if (start >= 0) {
                updates.add(new Update(start, end - start, rule));
                start = -1;
            }
        }
        if (start >= 0) {
            updates.add(new Update(start, end - start, rule));
        }
        return updates;
    }
}
