package dev.taxon.optim;

/**
 * Where a training run stands, for schedules.
 *
 * @param epoch epochs done, 0 in the first
 * @param iter iterations done since the start of training
 * @param maxIters iterations of the whole run
 * @param itersPerEpoch for warm-up counted in epochs
 */
public record Moment(int epoch, int maxEpochs, long iter, long maxIters, int itersPerEpoch) {
    /** Epochs or iterations done. */
    long progress(boolean byEpoch) {
        return byEpoch ? epoch : iter;
    }

    /** Epochs or iterations of the whole run. */
    long end(boolean byEpoch) {
        return byEpoch ? maxEpochs : maxIters;
    }
}
