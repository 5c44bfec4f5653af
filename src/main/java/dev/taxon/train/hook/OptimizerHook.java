package dev.taxon.train.hook;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.device.Weights;
import dev.taxon.graph.Layer;
import dev.taxon.optim.GradientClip;
import dev.taxon.train.Hook;
import dev.taxon.train.Optimization;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Stage;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Backward pass, gradient clipping and the optimizer's step; with clipping by norm, {@code grad_norm} is logged.
 * Gradients of {@code cumulative_iters} iterations may be averaged into one step. Source: mmcv's OptimizerHook and
 * GradientCumulativeOptimizerHook.
 */
public final class OptimizerHook implements Hook {
    private final @Nullable GradientClip clip;
    private final int cumulativeIters;

    private OptimizerHook(@Nullable GradientClip clip, int cumulativeIters) {
        this.clip = clip;
        this.cumulativeIters = cumulativeIters;
    }

    /** Reads {@code optimizer_config}; null means no clipping. */
    public static OptimizerHook read(@Nullable Fields f) {
        if (f == null) {
            return new OptimizerHook(null, 1);
        }
        String type = f.text("type", "OptimizerHook");
        boolean cumulative = type.equals("GradientCumulativeOptimizerHook");
        require(
                cumulative || type.equals("OptimizerHook"),
                "%s: optimizer_config.type '%s' is not supported; known are OptimizerHook and"
                        + " GradientCumulativeOptimizerHook",
                f.dict().at(),
                type);
        int iters = cumulative ? f.integer("cumulative_iters", 1) : 1;
        require(
                iters > 0,
                "%s: optimizer_config.cumulative_iters must be positive, got %d",
                f.dict().at(),
                iters);
        Fields clip = f.dictOrNull("grad_clip");
        f.ignore("detect_anomalous_params").done();
        return new OptimizerHook(clip == null ? null : GradientClip.read(clip), iters);
    }

    @Override
    public Priority priority() {
        return Priority.ABOVE_NORMAL;
    }

    @Override
    public String name() {
        return cumulativeIters == 1 ? "OptimizerHook" : "GradientCumulativeOptimizerHook";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.AFTER_TRAIN_ITER);
    }

    @Override
    public void beforeRun(Runner runner) {
        if (cumulativeIters == 1) {
            return;
        }
        if (runner.iter() % cumulativeIters != 0 && !runner.optimization().pending()) {
            runner.log()
                    .warning("the run resumes within %d cumulative_iters: gradients of its earlier iterations are lost"
                            .formatted(cumulativeIters));
        }
        boolean batchNorm =
                runner.session().graph().nodes().stream().anyMatch(n -> n.layer() instanceof Layer.BatchNorm2d);
        if (batchNorm) {
            runner.log()
                    .warning("cumulative_iters does not make batch norm see larger batches: results may be slightly"
                            + " worse than with a larger samples_per_gpu");
        }
    }

    @Override
    public void afterTrainIter(Runner runner) {
        Optimization optimization = runner.optimization();
        long done = runner.iter() + 1;
        boolean step = done % cumulativeIters == 0 || done == runner.maxIters();
        runner.backward(optimization.pending(), step);
        optimization.pending(!step);
        if (step) {
            step(runner);
        }
    }

    private void step(Runner runner) {
        Weights weights = runner.session().weights();
        runner.optimization().unscale();
        long rest = runner.maxIters() % cumulativeIters;
        boolean last = runner.iter() >= runner.maxIters() - rest; // fewer iterations share the last step
        long shared = last ? rest : cumulativeIters;
        if (shared > 1) {
            weights.scaleGradients(1f / shared);
        }
        switch (clip) {
            case null -> {}
            case GradientClip.Element c -> weights.limitGradients((float) c.limit());
            case GradientClip.Norm c -> {
                double norm = weights.gradientNorm(c.type());
                double factor = c.max() / (norm + 1e-6);
                if (factor < 1) {
                    weights.scaleGradients((float) factor);
                }
                runner.buffer().update("grad_norm", norm, runner.batchSize());
            }
        }
        runner.optimization().step();
    }
}
