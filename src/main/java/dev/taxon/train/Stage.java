package dev.taxon.train;

import java.util.Locale;

/** Where in a run hooks are called; in mmcv's order, under mmcv's names. */
public enum Stage {
    BEFORE_RUN,
    BEFORE_TRAIN_EPOCH,
    BEFORE_TRAIN_ITER,
    AFTER_TRAIN_ITER,
    AFTER_TRAIN_EPOCH,
    BEFORE_VAL_EPOCH,
    BEFORE_VAL_ITER,
    AFTER_VAL_ITER,
    AFTER_VAL_EPOCH,
    AFTER_RUN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
