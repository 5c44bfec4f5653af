package dev.taxon.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.taxon.Golden;
import dev.taxon.UserError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against values that mmcls computed. */
class MetricsTest {
    private static final int N = 60;
    private static final int CLASSES = 7;
    private static final Map<String, Object> GOLDEN = Golden.json("mmcls/metrics.json");

    private final Scores scores = formulaScores();

    /** scores: abs(sin(1.37 i)) reshaped (60, 7), rows normalized in float32; target: 3 i % 7. */
    private static Scores formulaScores() {
        float[] s = new float[N * CLASSES];
        int[] labels = new int[N];
        for (int i = 0; i < N; i++) {
            labels[i] = 3 * i % CLASSES;
            double sum = 0;
            for (int k = 0; k < CLASSES; k++) {
                s[i * CLASSES + k] = (float) Math.abs(Math.sin(1.37 * (i * CLASSES + k)));
                sum += s[i * CLASSES + k];
            }
            for (int k = 0; k < CLASSES; k++) {
                s[i * CLASSES + k] /= (float) sum;
            }
        }
        return new Scores(s, CLASSES, labels);
    }

    @Test
    void scoresThatAreNoNumbersAreNeverRight() {
        Scores diverged = new Scores(new float[] {Float.NaN, Float.NaN, Float.NaN}, 3, new int[] {0});
        assertEquals(3, diverged.rank(0, 0));
        assertEquals(
                Map.of("accuracy_top-1", 0.0, "accuracy_top-5", 0.0),
                Metrics.evaluate(diverged, List.of("accuracy"), MetricOptions.DEFAULT));
    }

    @Test
    void accuracyEqualsMmcls() {
        MetricOptions options = new MetricOptions(List.of(1, 2, 5), false, List.of(0.0), true, false);
        double[] got = Golden.doubles(List.copyOf(
                Metrics.evaluate(scores, List.of("accuracy"), options).values()));
        assertArrayEquals(Golden.doubles(GOLDEN.get("acc")), got, 1e-4); // mmcls rounded to float32
    }

    @Test
    void macroAndPerClassEqualMmcls() {
        List<String> names = List.of("precision", "recall", "f1_score");
        Map<String, Object> macro = Metrics.evaluate(scores, names, MetricOptions.DEFAULT);
        assertEquals(List.copyOf(names), List.copyOf(macro.keySet()));
        assertArrayEquals(Golden.doubles(GOLDEN.get("macro")), Golden.doubles(List.copyOf(macro.values())), 1e-9);

        MetricOptions none = new MetricOptions(List.of(1), false, List.of(0.0), true, true);
        Map<String, Object> perClass = Metrics.evaluate(scores, names, none);
        assertArrayEquals(Golden.doubles(GOLDEN.get("none")), Golden.doubles(List.copyOf(perClass.values())), 1e-9);
        assertArrayEquals(
                Golden.doubles(GOLDEN.get("support_none")),
                Golden.doubles(
                        Metrics.evaluate(scores, List.of("support"), none).get("support")));
    }

    @Test
    void topkBeyondTheClassesIsCapped() {
        MetricOptions options = new MetricOptions(List.of(1, 50), false, List.of(0.0), true, false);
        // all but sample 0, whose label has score 0: a score counts only above the threshold 0
        assertEquals(
                59 * 100.0 / 60,
                Metrics.evaluate(scores, List.of("accuracy"), options).get("accuracy_top-50"));
    }

    @Test
    void unknownMetricIsRefusedWithTheNearestName() {
        UserError e = assertThrows(UserError.class, () -> Metrics.check(List.of("acuracy")));
        assertEquals("metric 'acuracy' is not supported; did you mean 'accuracy'?", e.getMessage());
    }
}
