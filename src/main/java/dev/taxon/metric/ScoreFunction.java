package dev.taxon.metric;

/** How logits become scores: a softmax over the classes, or for several labels a sample a sigmoid of each. */
public enum ScoreFunction {
    SOFTMAX {
        @Override
        public float[] apply(float[] logits, int classes) {
            return Scores.softmax(logits, classes);
        }
    },
    SIGMOID {
        @Override
        public float[] apply(float[] logits, int classes) {
            float[] out = new float[logits.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = (float) (1 / (1 + Math.exp(-logits[i])));
            }
            return out;
        }
    };

    public static ScoreFunction of(boolean multiLabel) {
        return multiLabel ? SIGMOID : SOFTMAX;
    }

    /** Scores of N rows of logits (N, classes), computed in double and rounded to float32. */
    public abstract float[] apply(float[] logits, int classes);
}
