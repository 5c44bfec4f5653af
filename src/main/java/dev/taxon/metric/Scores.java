package dev.taxon.metric;

/** Class scores (N, classes) of a data set, as a {@link ScoreFunction} gives them, and its N labels. */
public final class Scores {
    private final float[] scores;
    private final int classes;
    private final int[] labels;

    /**
     * Takes the arrays over.
     *
     * @param scores (N, classes), row-major
     * @param labels N class indices
     */
    public Scores(float[] scores, int classes, int[] labels) {
        if (scores.length != (long) classes * labels.length) {
            throw new IllegalArgumentException(scores.length + " scores are not " + labels.length + " x " + classes);
        }
        this.scores = scores;
        this.classes = classes;
        this.labels = labels;
    }

    public int classes() {
        return classes;
    }

    public int label(int sample) {
        return labels[sample];
    }

    public int count() {
        return labels.length;
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
