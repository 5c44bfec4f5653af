package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.LoadReport;
import dev.taxon.checkpoint.Loading;
import dev.taxon.checkpoint.SgdState;
import dev.taxon.device.Weights;
import dev.taxon.optim.Optimizer;
import dev.taxon.report.RunLog;
import java.nio.file.Path;
import java.util.Map;

/** Starts a run from a checkpoint: from its weights alone (load_from), or where it stopped (resume_from). */
public final class Resumption {
    private Resumption() {}

    /**
     * Takes the weights; names that do not match are reported and left as they were initialized, as in mmcv.
     *
     * @param skipHead leave the head as it was initialized
     * @throws UserError if the number of classes differs, unless the head is skipped
     */
    public static void load(Weights weights, Path file, boolean skipHead, RunLog log) {
        log.info("load checkpoint from local path: " + file);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            LoadReport report = skipHead
                    ? Loading.withoutHead(weights, checkpoint.stateDict())
                    : Loading.into(weights, checkpoint.stateDict(), false).requireSameClasses(file);
            log.info(report.summary());
            warn(report.text(), log);
        }
    }

    /** Takes weights, optimizer state and progress. The learning rate is the config's; a difference is reported. */
    public static void resume(Runner runner, Checkpoint checkpoint) {
        RunLog log = runner.log();
        log.info("load checkpoint from local path: " + checkpoint.path());
        checkpoint.taxon(); // refuses a format that is newer than this version
        Weights weights = runner.session().weights();
        Loading.into(weights, checkpoint.stateDict(), false).requireComplete(checkpoint.path());
        Map<Object, Object> meta = checkpoint.meta();
        if (!(meta.get("epoch") instanceof Long epoch) || !(meta.get("iter") instanceof Long iter)) {
            throw UserError.of(
                    "%s has no meta.epoch and meta.iter, so it cannot be resumed; use it as load_from",
                    checkpoint.path());
        }
        boolean momentum = false;
        if (checkpoint.optimizer().isEmpty()) {
            log.warning(checkpoint.path() + " has no optimizer state: momentum starts anew");
        } else {
            SgdState state = SgdState.read(checkpoint.optimizer(), weights);
            momentum = !state.started().isEmpty();
            SgdState.Group before = state.groups().getFirst();
            Optimizer now = runner.optimizer();
            compare("lr", before.initialLr(), now.lr(), log);
            compare("momentum", before.momentum(), now.momentum(), log);
            compare("dampening", before.dampening(), now.dampening(), log);
            compare("weight_decay", before.weightDecay(), now.weightDecay(), log);
            compare("nesterov", before.nesterov(), now.nesterov(), log);
        }
        runner.resume(Math.toIntExact(epoch), iter, momentum);
        log.info("resumed epoch %d, iter %d".formatted(epoch, iter));
    }

    private static void compare(String key, Object before, Object now, RunLog log) {
        if (!before.equals(now)) {
            log.warning("optimizer.%s is %s in the config and was %s in the checkpoint: the config's is used"
                    .formatted(key, now, before));
        }
    }

    private static void warn(String text, RunLog log) {
        if (!text.isEmpty()) {
            log.warning(text);
        }
    }
}
