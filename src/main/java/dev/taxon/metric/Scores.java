package dev.taxon.metric;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Labels;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Class scores (N, classes) of a data set, as a {@link ScoreFunction} gives them, and what is true of its N samples. */
public final class Scores {
    private final float[] scores;
    private final int classes;
    private final Labels labels;

    /**
     * Takes the array over.
     *
     * @param scores (N, classes), row-major
     * @param labels of N samples
     */
    public Scores(float[] scores, int classes, Labels labels) {
        boolean sameClasses = !(labels instanceof Labels.MultiLabel rows) || rows.classes() == classes;
        if (scores.length != (long) classes * labels.size() || !sameClasses) {
            throw new IllegalArgumentException(
                    scores.length + " scores are not " + labels.size() + " x " + classes + ", as the labels");
        }
        this.scores = scores;
        this.classes = classes;
        this.labels = labels;
    }

    /** For one class a sample. */
    public Scores(float[] scores, int classes, int[] labels) {
        this(scores, classes, new Labels.SingleLabel(labels));
    }

    public int classes() {
        return classes;
    }

    public int count() {
        return labels.size();
    }

    public Labels labels() {
        return labels;
    }

    /** (N, classes), row-major; not to be written. */
    public float[] values() {
        return scores;
    }

    /** Samples {@code from} to {@code to}, exclusive. */
    public Scores slice(int from, int to) {
        float[] rows = Arrays.copyOfRange(scores, from * classes, to * classes);
        return new Scores(rows, classes, labels.select(IntStream.range(from, to).toArray()));
    }

    /** The class of a sample. @throws UserError where a sample has several, or none that is known */
    public int label(int sample) {
        int label = labels.classIndex(sample);
        UserError.require(
                label >= 0 && label < classes,
                "the label of example %d is %d, but there are %d classes: metrics need labels",
                sample,
                label,
                classes);
        return label;
    }

    /** Whether a sample has a class: 1, 0, or {@link Labels#DIFFICULT}. */
    public int mark(int sample, int k) {
        return switch (labels) {
            case Labels.SingleLabel one -> label(sample) == k ? 1 : 0;
            case Labels.MultiLabel many -> many.value(sample, k);
        };
    }

    public float score(int sample, int k) {
        return scores[sample * classes + k];
    }

    /** Class with the highest score; of equal ones the first. */
    public int predicted(int sample) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            if (score(sample, k) > score(sample, best)) {
                best = k;
            }
        }
        return best;
    }

    /**
     * Number of classes that rank before {@code k}: those with a higher score, and equal ones with a smaller index. All,
     * if its score is not a number: a network that diverged is never right.
     */
    public int rank(int sample, int k) {
        float own = score(sample, k);
        if (Float.isNaN(own)) {
            return classes;
        }
        int before = 0;
        for (int j = 0; j < classes; j++) {
            float other = score(sample, j);
            if (other > own || (other == own && j < k)) {
                before++;
            }
        }
        return before;
    }

    /** Softmax of N rows of logits, in double, rounded to float32. */
    public static float[] softmax(float[] logits, int classes) {
        float[] out = new float[logits.length];
        for (int row = 0; row < logits.length; row += classes) {
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < classes; k++) {
                max = Math.max(max, logits[row + k]);
            }
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                sum += Math.exp(logits[row + k] - max);
            }
            for (int k = 0; k < classes; k++) {
                out[row + k] = (float) (Math.exp(logits[row + k] - max) / sum);
            }
        }
        return out;
    }
}
