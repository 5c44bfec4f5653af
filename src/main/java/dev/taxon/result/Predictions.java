package dev.taxon.result;

import dev.taxon.metric.Scores;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a model says of the N images of a data set.
 *
 * @param scores (N, classes), row-major
 * @param labels N classes with the highest score
 * @param classNames a name for each class
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record Predictions(float[] scores, int[] labels, List<String> classNames) {
    /** Names of the parts, as {@code --out-items} takes them. */
    public static final List<String> ITEMS = List.of("class_scores", "pred_score", "pred_label", "pred_class");

    public Predictions {
        if (scores.length != (long) labels.length * classNames.size()) {
            throw new IllegalArgumentException(
                    scores.length + " scores are not " + labels.length + " x " + classNames.size());
        }
        classNames = List.copyOf(classNames);
    }

    /** The class with the highest score of each image. */
    public static Predictions of(Scores scores, List<String> classNames) {
        int[] labels = IntStream.range(0, scores.count()).map(scores::predicted).toArray();
        return new Predictions(scores.values(), labels, classNames);
    }

    public int count() {
        return labels.length;
    }

    public int classes() {
        return classNames.size();
    }

    /** The score of class {@code k}. */
    public float score(int image, int k) {
        return scores[image * classes() + k];
    }

    /** The highest score. */
    public float score(int image) {
        return score(image, labels[image]);
    }

    /** The name of the class with the highest score. */
    public String className(int image) {
        return classNames.get(labels[image]);
    }

    /** Those of {@link #ITEMS} that are asked for, with the types that mmcls gives them: float32, int64, a list of names. */
    public Map<String, Object> items(List<String> asked) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String item : ITEMS) {
            if (asked.contains(item)) {
                all.put(item, item(item));
            }
        }
        return all;
    }

    private Object item(String name) {
        int n = count();
        return switch (name) {
            case "class_scores" -> Tensor.of(Shape.of(n, classes()), scores);
            case "pred_score" -> {
                float[] best = new float[n];
                for (int i = 0; i < n; i++) {
                    best[i] = score(i);
                }
                yield Tensor.of(Shape.of(n), best);
            }
            case "pred_label" -> {
                long[] wide = Arrays.stream(labels).asLongStream().toArray();
                yield new Tensor(DType.INT64, Shape.of(n), MemorySegment.ofArray(wide));
            }
            default -> Arrays.stream(labels).mapToObj(classNames::get).toList();
        };
    }
}
