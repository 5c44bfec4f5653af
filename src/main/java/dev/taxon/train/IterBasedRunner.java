package dev.taxon.train;

import dev.taxon.data.Batches;
import org.jspecify.annotations.Nullable;

/**
 * A run of {@code max_iters} iterations, over the data again and again. Its hooks see no epochs, but {@link #epoch} counts the
 * passes over the data. Source: mmcv's IterBasedRunner.
 */
final class IterBasedRunner extends Runner {
    private @Nullable Batches batches; // of the present pass over the data

    IterBasedRunner(Setup setup, Supervision supervision) {
        super(setup, supervision);
    }

    @Override
    protected boolean ended() {
        return iter >= setup.spec().max();
    }

    @Override
    protected void loop() {
        hooks.call(Hook::beforeEpoch);
        restoreLogBuffer();
        try {
            while (!ended() && going()) {
                for (RunnerSpec.Phase phase : setup.spec().workflow()) {
                    if (phase.training()) {
                        train(phase.count());
                    } else if (going()) {
                        validate(Math.toIntExact(iter), phase.count());
                    }
                }
            }
        } finally {
            if (batches != null) {
                batches.close();
            }
        }
        hooks.call(Hook::afterEpoch);
    }

    private void train(int count) {
        startPhase(Mode.TRAIN);
        for (int i = 0; i < count && !ended() && going(); i++) {
            Batches open = batches;
            if (open == null || !open.hasNext()) {
                if (open != null) {
                    warnOfSkipped(open);
                }
                epoch = Math.toIntExact(iter / itersPerEpoch());
                innerIter = (int) (iter % itersPerEpoch());
                open = setup.loader().iterator(epoch, innerIter);
                batches = open;
            }
            train(open.next());
        }
    }

    @Override
    public int maxEpochs() {
        return Math.toIntExact(Math.ceilDiv(maxIters(), (long) itersPerEpoch()));
    }

    @Override
    public long maxIters() {
        return setup.spec().max();
    }
}
