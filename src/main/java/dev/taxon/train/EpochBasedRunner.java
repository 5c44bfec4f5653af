package dev.taxon.train;

import dev.taxon.data.Batches;

/** A run of {@code max_epochs} epochs. Source: mmcv's EpochBasedRunner, without its sleep of two seconds an epoch. */
final class EpochBasedRunner extends Runner {
    EpochBasedRunner(Setup setup, Supervision supervision) {
        super(setup, supervision);
    }

    @Override
    protected boolean ended() {
        return epoch >= setup.spec().max();
    }

    @Override
    protected void loop() {
        while (!ended() && going()) {
            for (RunnerSpec.Phase phase : setup.spec().workflow()) {
                for (int i = 0; i < phase.count() && going() && !(phase.training() && ended()); i++) {
                    if (phase.training()) {
                        trainEpoch();
                    } else {
                        validate(epoch, Integer.MAX_VALUE);
                    }
                }
            }
        }
    }

    private void trainEpoch() {
        startPhase(Mode.TRAIN);
        hooks.call(Hook::beforeTrainEpoch);
        restoreLogBuffer();
        try (Batches batches = setup.loader().iterator(epoch, innerIter)) {
            while (batches.hasNext()) {
                if (cancelRequested()) {
                    return;
                }
                train(batches.next());
            }
            warnOfSkipped(batches);
        }
        endEpoch();
    }

    @Override
    public int maxEpochs() {
        return setup.spec().max();
    }

    @Override
    public long maxIters() {
        return (long) maxEpochs() * itersPerEpoch();
    }
}
