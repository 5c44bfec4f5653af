package dev.taxon.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.data.dataset.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against values that mmcls's own functions computed; every value within 1e-6 and 1e-6 of its size (some are float32 there). */
class MetricsTest {
    private static final List<String> BY_CLASS = List.of("precision", "recall", "f1_score");
    private static final List<String> PERFORMANCE = List.of("CP", "CR", "CF1", "OP", "OR", "OF1");
    private static final Map<String, Object> MMCLS = Golden.json("mmcls/metrics.json");

    /** |sin(a i)| in float32; with {@code normalized}, rows are divided by their sum. */
    private static float[] formula(int n, int classes, double a, boolean normalized) {
        float[] s = new float[n * classes];
        for (int i = 0; i < s.length; i++) {
            s[i] = (float) Math.abs(Math.sin(a * i));
        }
        for (int row = 0; normalized && row < s.length; row += classes) {
            float sum = 0;
            for (int k = 0; k < classes; k++) {
                sum += s[row + k];
            }
            for (int k = 0; k < classes; k++) {
                s[row + k] /= sum;
            }
        }
        return s;
    }

    private static Scores oneLabel(int n, int classes, double a, int b) {
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = b * i % classes;
        }
        return new Scores(formula(n, classes, a, true), classes, labels);
    }

    /** 1 where |cos(0.77 i)| > 0.7; −1 where i % 11 is 3, if there are difficult ones. */
    private static Labels marks(int n, int classes, boolean difficult) {
        byte[] marks = new byte[n * classes];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = (byte) (difficult && i % 11 == 3 ? -1 : Math.abs(Math.cos(0.77 * i)) > 0.7 ? 1 : 0);
        }
        return new Labels.MultiLabel(marks, classes);
    }

    private static MetricOptions options(String... keyValues) {
        return MetricOptions.of(List.of(keyValues));
    }

    private static void assertClose(Object expected, Object got) {
        double[] want = Golden.doubles(List.of(expected));
        double[] have = Golden.doubles(List.of(got));
        assertEquals(want.length, have.length);
        for (int i = 0; i < want.length; i++) {
            assertEquals(want[i], have[i], 1e-6 + 1e-6 * Math.abs(want[i]), "value " + i);
        }
    }

    private static List<Object> values(Scores scores, List<String> names, String... options) {
        return List.copyOf(Metrics.evaluate(scores, names, options(options)).values());
    }

    // golden/mmcls/metrics.json, entry by entry

    private final Scores scores = oneLabel(60, 7, 1.37, 3);
    private final Scores several = new Scores(formula(60, 7, 1.37, true), 7, marks(60, 7, false));

    @Test
    void accuracyEqualsMmcls() {
        assertClose(MMCLS.get("acc"), values(scores, List.of("accuracy"), "topk=(1,2,5)"));
        Map<?, ?> byTopk = (Map<?, ?>) MMCLS.get("acc_thr");
        for (Object k : byTopk.keySet()) {
            assertClose(byTopk.get(k), values(scores, List.of("accuracy"), "topk=" + k, "thrs=(0.,0.2,0.5)"));
        }
    }

    @Test
    void precisionRecallAndF1EqualMmcls() {
        assertClose(MMCLS.get("macro"), values(scores, BY_CLASS));
        assertClose(MMCLS.get("none"), values(scores, BY_CLASS, "average_mode=none"));
        assertClose(MMCLS.get("thr_macro"), values(scores, BY_CLASS, "thrs=(0.,0.2,0.5)"));
    }

    @Test
    void supportAndConfusionEqualMmcls() {
        assertClose(List.of(MMCLS.get("support")), values(scores, List.of("support")));
        assertClose(MMCLS.get("support_none"), values(scores, List.of("support"), "average_mode=none"));
        assertClose(MMCLS.get("confusion"), values(scores, List.of("confusion_matrix")));
    }

    @Test
    void multiLabelMetricsEqualMmcls() {
        assertClose(List.of(MMCLS.get("mAP")), values(several, List.of("mAP")));
        assertClose(MMCLS.get("perf_thr01"), values(several, PERFORMANCE, "thr=0.15"));
        assertClose(MMCLS.get("perf_k2"), values(several, PERFORMANCE, "k=2"));
    }

    // golden/metric/metrics.json

    private static List<Map<String, Object>> more(String kind) {
        List<Map<String, Object>> cases = new ArrayList<>();
        for (Object item : (List<?>) Golden.json("metric/metrics.json").get(kind)) {
            @SuppressWarnings("unchecked") // the script writes objects
            Map<String, Object> one = (Map<String, Object>) item;
            cases.add(one);
        }
        return cases;
    }

    private static Stream<Map<String, Object>> oneLabelCases() {
        return more("one_label").stream();
    }

    @ParameterizedTest
    @MethodSource("oneLabelCases")
    void oneLabelEqualsMmcls(Map<String, Object> golden) {
        int classes = (int) golden.get("classes");
        Scores s = oneLabel((int) golden.get("n"), classes, (double) golden.get("a"), (int) golden.get("b"));
        String topk = "topk=" + golden.get("topk");
        String thrs = "thrs=" + golden.get("thrs");
        assertClose(golden.get("accuracy"), values(s, List.of("accuracy"), topk, thrs));
        assertClose(golden.get("macro"), values(s, BY_CLASS, thrs));
        assertClose(golden.get("none"), values(s, BY_CLASS, thrs, "average_mode=none"));
        assertClose(List.of(golden.get("support")), values(s, List.of("support")));
        assertClose(golden.get("support_none"), values(s, List.of("support"), "average_mode=none"));
        assertClose(golden.get("confusion"), values(s, List.of("confusion_matrix")));
        assertClose(List.of(golden.get("balanced")), values(s, List.of("balanced_accuracy")));
        assertClose(List.of(golden.get("loss")), values(s, List.of("loss")));
        ((Map<?, ?>) golden.get("ece"))
                .forEach((bins, ece) -> assertClose(List.of(ece), values(s, List.of("ece"), "ece_bins=" + bins)));
        // of one class a sample, recall by class is its accuracy
        assertClose(values(s, List.of("recall"), "average_mode=none"), values(s, List.of("per_class_accuracy")));
    }

    private static Stream<Map<String, Object>> severalLabelsCases() {
        return more("several_labels").stream();
    }

    @ParameterizedTest
    @MethodSource("severalLabelsCases")
    void severalLabelsEqualMmcls(Map<String, Object> golden) {
        int n = (int) golden.get("n");
        int classes = (int) golden.get("classes");
        float[] values = formula(n, classes, (double) golden.get("a"), false);
        float steps = (int) golden.get("steps");
        for (int i = 0; steps > 0 && i < values.length; i++) {
            values[i] = (float) Math.floor(values[i] * steps) / steps;
        }
        Scores s = new Scores(values, classes, marks(n, classes, true));
        assertClose(List.of(golden.get("mAP")), values(s, List.of("mAP")));
        assertClose(List.of(golden.get("loss")), values(s, List.of("loss")));
        for (Object item : (List<?>) golden.get("performance")) {
            Map<?, ?> one = (Map<?, ?>) item;
            String[] options = one.entrySet().stream()
                    .filter(e -> !e.getKey().equals("values"))
                    .map(e -> e.getKey() + "=" + e.getValue())
                    .toArray(String[]::new);
            assertClose(one.get("values"), values(s, PERFORMANCE, options));
        }
    }

    // keys, options, mistakes

    private List<String> keys(List<String> names, String... options) {
        return List.copyOf(Metrics.evaluate(scores, names, options(options)).keySet());
    }

    @Test
    void keysAndTheirOrderAreMmclss() {
        assertEquals(
                List.of("accuracy_top-1", "accuracy_top-5", "support", "precision", "recall", "f1_score"),
                keys(List.of("f1_score", "support", "recall", "accuracy", "precision")));
        assertEquals(List.of("accuracy"), keys(List.of("accuracy"), "topk=3"));
        assertEquals(List.of("accuracy_top-3"), keys(List.of("accuracy"), "topk=(3,)"));
        assertEquals(
                List.of("accuracy_top-1", "accuracy_top-5", "precision"),
                keys(List.of("accuracy", "precision"), "topk=1,5", "thrs=0.3"));
        assertEquals(
                List.of(
                        "accuracy_top-1_thr_0.10",
                        "accuracy_top-1_thr_0.90",
                        "accuracy_top-2_thr_0.10",
                        "accuracy_top-2_thr_0.90",
                        "precision_thr_0.10",
                        "precision_thr_0.90"),
                keys(List.of("accuracy", "precision"), "topk=[1,2]", "thrs=(0.1,0.9)"));
        assertEquals(List.of("accuracy_thr_0.33"), keys(List.of("accuracy"), "topk=1", "thrs=(0.333,)"));
    }

    @Test
    void valuesByClassAreLists() {
        Map<String, Object> got = Metrics.evaluate(
                new Scores(new float[] {0.9f, 0.1f, 0.2f, 0.8f}, 2, new int[] {0, 0}),
                List.of("support", "recall", "per_class_accuracy", "confusion_matrix"),
                options("average_mode=none"));
        assertEquals(
                Map.of(
                        "support",
                        List.of(2L, 0L),
                        "recall",
                        List.of(50.0, 0.0),
                        "per_class_accuracy",
                        List.of(50.0, 0.0),
                        "confusion_matrix",
                        List.of(List.of(1L, 1L), List.of(0L, 0L))),
                got);
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
    void aScoreMustBeAboveTheThreshold() {
        Scores half = new Scores(new float[] {0.5f, 0.5f}, 2, new int[] {0});
        assertEquals(List.of(0.0), values(half, List.of("accuracy"), "topk=1", "thrs=0.5"));
        assertEquals(List.of(100.0), values(half, List.of("accuracy"), "topk=1", "thrs=0.49"));
        // mmcls compares in float32, in which 0.7 is less than in double
        Scores seven = new Scores(new float[] {0.7f, 0.3f}, 2, new int[] {0});
        assertEquals(List.of(0.0), values(seven, List.of("accuracy"), "topk=1", "thrs=0.7"));
        assertEquals(List.of(50.0), values(seven, List.of("CP"), "thr=0.7"));
    }

    @Test
    void topkBeyondTheClassesIsCappedAndSaysSo() {
        // all but sample 0, whose label has score 0: a score counts only above the threshold 0
        assertEquals(
                59 * 100.0 / 60,
                Metrics.evaluate(scores, List.of("accuracy"), options("topk=1,50"))
                        .get("accuracy_top-50"));
        assertEquals(
                List.of(
                        "the model has only 7 classes: top-50 accuracy counts all of them; set topk in the metric options"),
                Metrics.notes(List.of("accuracy"), options("topk=1,50"), 7));
        assertEquals(List.of(), Metrics.notes(List.of("accuracy"), options("topk=1,7"), 7));
        assertEquals(List.of(), Metrics.notes(List.of("recall"), MetricOptions.DEFAULT, 2));
        assertEquals(
                1, Metrics.notes(List.of("CP"), options("thr=0.5", "k=1"), 9).size());
    }

    @Test
    void oneLabelASampleIsARowOfMarks() {
        byte[] marks = new byte[60 * 7];
        for (int i = 0; i < 60; i++) {
            marks[i * 7 + 3 * i % 7] = 1;
        }
        Scores same = new Scores(formula(60, 7, 1.37, true), 7, new Labels.MultiLabel(marks, 7));
        List<String> names = List.of("mAP", "CP", "OR");
        assertEquals(values(same, names, "thr=0.2"), values(scores, names, "thr=0.2"));
    }

    @Test
    void slicesAreTheirSamples() {
        Scores slice = scores.slice(10, 20);
        assertEquals(10, slice.count());
        assertEquals(scores.label(12), slice.label(2));
        assertEquals(scores.score(12, 3), slice.score(2, 3));
        Scores marked = several.slice(59, 60);
        assertEquals(several.mark(59, 6), marked.mark(0, 6));
    }

    private static void assertRefused(String sentence, org.junit.jupiter.api.function.Executable call) {
        assertEquals(sentence, assertThrows(UserError.class, call).getMessage());
    }

    @Test
    void mistakesAreSentences() {
        assertRefused(
                "metric 'acuracy' is not supported; did you mean 'accuracy'?", () -> Metrics.check(List.of("acuracy")));
        assertRefused(
                "metric 'recall' is about one class a sample, and this data set has several; give mAP, CP, CR, CF1, OP, OR, OF1, loss",
                () -> Metrics.evaluate(several, List.of("mAP", "recall"), MetricOptions.DEFAULT));
        assertRefused(
                "there are no samples to evaluate",
                () -> Metrics.evaluate(scores.slice(0, 0), List.of("accuracy"), MetricOptions.DEFAULT));
        assertRefused(
                "the label of example 0 is -1, but there are 1 classes: metrics need labels",
                () -> Metrics.evaluate(
                        new Scores(new float[1], 1, new int[] {-1}), List.of("accuracy"), MetricOptions.DEFAULT));
        for (String bad : List.of(
                "topk=0",
                "topk=[]",
                "thrs=()",
                "thrs=x",
                "thrs=(None,)",
                "average_mode=micro",
                "k=0",
                "thr=nan",
                "ece_bins=0",
                "top_k=1")) {
            assertThrows(UserError.class, () -> options(bad), bad);
        }
    }

    @Test
    void rankingPutsNanLast() {
        float[] values = {0.5f, Float.NaN, 1, 0.5f, -1, 0f, -0f};
        assertArrayEquals(new int[] {2, 0, 3, 5, 6, 4, 1}, Ranking.descending(values));
    }
}
