package dev.taxon.data.mix;

import org.jspecify.annotations.Nullable;

/**
 * What is done to a batch, after all chance: each sample n takes in sample order[n], and keeps {@link #lambda} of its own
 * label.
 */
sealed interface Plan {
    /** The part of a sample's label that stays its own. */
    double lambda();

    /** The batch stays. */
    record Keep() implements Plan {
        @Override
        public double lambda() {
            return 1;
        }
    }

    /** λ of each value and 1 − λ of the other sample's. */
    record Blend(double lambda) implements Plan {}

    /**
     * The other sample's part in a box; with {@code resampling} its whole image, brought to the box's size.
     *
     * @param lambda need not be the part outside the box
     */
    record Paste(double lambda, Box box, @Nullable Resampling resampling) implements Plan {}

    /** Rows {@code top} to {@code bottom} and columns {@code left} to {@code right}, the ends not included. */
    record Box(int top, int bottom, int left, int right) {
        int height() {
            return bottom - top;
        }

        int width() {
            return right - left;
        }
    }
}
