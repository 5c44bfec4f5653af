package dev.taxon;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a model says of one image: a score for every class. Immutable. */
public final class Prediction {
    private final List<String> classNames;
    private final float[] scores; // (classes)
    private final int label;

    /**
     * Takes the array over.
     *
     * @param scores one for each class: a softmax, or for a model of several labels an image a sigmoid of each
     * @param classNames as many
     */
    Prediction(float[] scores, List<String> classNames) {
        this.classNames = classNames;
        this.scores = scores;
        int best = 0;
        for (int k = 1; k < scores.length; k++) {
            if (scores[k] > scores[best]) {
                best = k;
            }
        }
        label = best;
    }

    /** Index of the class with the highest score; of equal ones the first. */
    public int label() {
        return label;
    }

    /** The highest score, from 0 to 1. */
    public float score() {
        return scores[label];
    }

    /** Name of the class with the highest score. */
    public String className() {
        return classNames.get(label);
    }

    /** The score of class {@code label}. */
    public float score(int label) {
        return scores[label];
    }

    /** Number of classes. */
    public int classes() {
        return scores.length;
    }

    /** The {@code k} best classes, best first, or all when there are fewer; equal scores by index. */
    public List<Ranked> top(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("top(k) takes a positive k, got " + k);
        }
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Float.compare(scores[b], scores[a])) // stable
                .limit(k)
                .map(i -> new Ranked(i, scores[i], classNames.get(i)))
                .toList();
    }

    /**
     * A class with its score.
     *
     * @param label index of the class
     * @param score from 0 to 1
     * @param className its name
     */
    public record Ranked(int label, float score, String className) {
        /** With mmcls's keys {@code pred_label}, {@code pred_score}, {@code pred_class}. */
        public Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("pred_label", label);
            map.put("pred_score", score);
            map.put("pred_class", className);
            return map;
        }
    }

    @Override
    public String toString() {
        return "%s (%d) %.4f".formatted(className(), label, score());
    }
}
