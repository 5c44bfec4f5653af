package dev.taxon.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.checkpoint.pickle.AllowList;
import dev.taxon.checkpoint.pickle.Pickles;
import dev.taxon.data.dataset.Labels;
import dev.taxon.metric.Scores;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** golden/mmcls/result.* are one result, as mmcls wrote it in each format. */
class ResultFileTest {
    @TempDir
    private Path dir;

    private Path mmcls(String suffix) throws IOException {
        return Files.write(dir.resolve("mmcls" + suffix), Golden.bytes("mmcls/result" + suffix));
    }

    private static void assertSame(ResultFile expected, ResultFile got) {
        assertEquals(expected.classScores().columns(), got.classScores().columns());
        assertArrayEquals(expected.classScores().values(), got.classScores().values());
        assertArrayEquals(expected.predScores(), got.predScores());
        assertArrayEquals(expected.predLabels(), got.predLabels());
        assertEquals(expected.predClasses(), got.predClasses());
    }

    @Test
    void mmclssFilesAreReadAlikeInEachFormat() throws IOException {
        ResultFile json = ResultFile.read(mmcls(".json"));
        assertEquals(10, json.classScores().columns());
        assertEquals(200, json.classScores().rows());
        assertEquals(0.8991841673851013f, json.predScores()[0]);
        assertEquals(List.of("airplane", "horse", "deer"), json.predClasses().subList(0, 3));
        assertSame(json, ResultFile.read(mmcls(".pkl")));
        assertSame(json, ResultFile.read(mmcls(".yaml")));
    }

    private Map<String, Object> items(Path pickle) {
        Map<String, Object> items = new LinkedHashMap<>();
        ((Map<?, ?>) Pickles.read(pickle, AllowList.RESULTS)).forEach((k, v) -> items.put(k.toString(), v));
        return items;
    }

    @Test
    void whatMmclsPickledIsWrittenAsItsJsonToTheByte() throws IOException {
        Path json = dir.resolve("ours.json");
        ResultWriter.write(json, items(mmcls(".pkl")));
        assertArrayEquals(Golden.bytes("mmcls/result.json"), Files.readAllBytes(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {".json", ".yaml", ".yml", ".pkl", ".pickle"})
    void whatIsWrittenIsReadAgain(String suffix) throws IOException {
        Path pickle = mmcls(".pkl");
        Path ours = dir.resolve("ours" + suffix);
        ResultWriter.write(ours, items(pickle));
        assertSame(ResultFile.read(pickle), ResultFile.read(ours));
    }

    @Test
    void thePickleHoldsArraysOfMmclssTypes() throws IOException {
        Path ours = dir.resolve("ours.pkl");
        Predictions predictions =
                new Predictions(new float[] {0.25f, 0.75f, 0.5f, 0.5f, 1, 0}, new int[] {1, 0, 0}, List.of("ä", "b"));
        Map<String, Object> items = new LinkedHashMap<>();
        items.put("accuracy", 50.0);
        items.put("recall", List.of(1.0, 2.0));
        items.put("support", List.of(3L, 4L));
        items.put("confusion_matrix", List.of(List.of(1L, 2L), List.of(3L, 4L)));
        items.putAll(predictions.items(Predictions.ITEMS));
        ResultWriter.write(ours, items);
        Map<String, Object> got = items(ours);
        assertEquals(List.copyOf(items.keySet()), List.copyOf(got.keySet()));
        assertEquals(50.0, got.get("accuracy"));
        assertArray(DType.FLOAT64, Shape.of(2), got.get("recall"), 1, 2);
        assertArray(DType.INT64, Shape.of(2), got.get("support"), 3, 4);
        assertArray(DType.INT64, Shape.of(2, 2), got.get("confusion_matrix"), 1, 2, 3, 4);
        assertArray(DType.FLOAT32, Shape.of(3, 2), got.get("class_scores"), 0.25, 0.75, 0.5, 0.5, 1, 0);
        assertArray(DType.FLOAT32, Shape.of(3), got.get("pred_score"), 0.75, 0.5, 1);
        assertArray(DType.INT64, Shape.of(3), got.get("pred_label"), 1, 0, 0);
        assertEquals(List.of("b", "ä", "ä"), got.get("pred_class"));
        assertArrayEquals(
                new long[][] {{1, 2}, {3, 4}}, ResultFile.read(ours).confusion().orElseThrow());
    }

    private static void assertArray(DType dtype, Shape shape, Object got, double... values) {
        Tensor tensor = (Tensor) got;
        assertEquals(dtype, tensor.dtype());
        assertEquals(shape, tensor.shape());
        assertArrayEquals(values, tensor.toDoubles());
    }

    @Test
    void yamlIsSafeAndKeepsEveryName() throws IOException {
        List<String> names = List.of(
                "cat",
                "tench, Tinca tinca",
                "no",
                "null",
                "12",
                "~",
                "- x",
                "a: b",
                "#1",
                "ä",
                "🐍",
                "it's \"it\"",
                "",
                " x",
                "back\\slash",
                "line\nfeed",
                "1.5",
                "true",
                "great white shark (man-eater)");
        Path yaml = dir.resolve("ours.yaml");
        Map<String, Object> items = new LinkedHashMap<>();
        items.put("loss", 1e-9);
        items.put("pred_label", List.of(0L));
        items.put("pred_score", List.of(Double.NaN, Double.POSITIVE_INFINITY, -1e300, 0.5));
        items.put("pred_class", names);
        ResultWriter.write(yaml, items);
        ResultFile read = ResultFile.read(yaml);
        assertEquals(names, read.predClasses());
        assertArrayEquals(
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.5f}, read.predScores());
        String text = Files.readString(yaml);
        assertTrue(text.startsWith("loss: 1.0e-09\npred_label:\n- 0\n"), text);
        assertTrue(!text.contains("!") && text.chars().allMatch(c -> c < 127), text);
    }

    @Test
    void theTableHasALineAnImage() throws IOException {
        Path csv = dir.resolve("ours.csv");
        Predictions predictions =
                new Predictions(new float[] {0.25f, 0.75f, 0.5f, 0.5f}, new int[] {1, 0}, List.of("a", "b, or \"c\""));
        Scores one = new Scores(predictions.scores(), 2, new int[] {1, -1});
        CsvTable.write(csv, predictions, one, i -> "dir/" + i + ".png", Predictions.ITEMS);
        assertEquals(
                "filename,gt_label,gt_class,pred_label,pred_class,pred_score,score_a,\"score_b, or \"\"c\"\"\"\r\n"
                        + "dir/0.png,1,\"b, or \"\"c\"\"\",1,\"b, or \"\"c\"\"\",0.75,0.25,0.75\r\n"
                        + "dir/1.png,,,0,a,0.5,0.5,0.5\r\n",
                Files.readString(csv));
        Scores several = new Scores(predictions.scores(), 2, new Labels.MultiLabel(new byte[] {1, 1, 0, -1}, 2));
        CsvTable.write(csv, predictions, several, Integer::toString, List.of("pred_label"));
        assertEquals(
                "filename,gt_label,gt_class,pred_label\r\n0,0;1,\"a;b, or \"\"c\"\"\",1\r\n1,,,0\r\n",
                Files.readString(csv));
    }

    private void assertRefused(String name, String contents, String part) throws IOException {
        Path file = Files.write(dir.resolve(name), contents.getBytes(StandardCharsets.ISO_8859_1));
        String message = assertThrows(
                        UserError.class, () -> ResultFile.read(file).classScores())
                .getMessage();
        assertTrue(message.contains(name) && message.contains(part), message);
    }

    @Test
    void mistakesAreSentences() throws IOException {
        assertRefused("a.txt", "", ".pkl");
        assertRefused("a.csv", "filename\n", "table");
        assertRefused("a.json", "[1]", "no dict");
        assertRefused("b.json", "{\"class_scores\": [[1, 2], [3]]}", "several lengths");
        assertRefused("c.json", "{\"class_scores\": [1, 2]}", "no matrix");
        assertRefused("d.json", "{\"class_scores\": [[1, \"x\"]]}", "no number");
        assertRefused("e.json", "{\"class_scores\": [[1, 2", "no JSON");
        assertRefused("f.json", "{\"pred_label\": [1]}", "--out-items all");
        assertRefused("g.json", "{\"class_scores\": []}", "no matrix");
        assertRefused("a.yaml", "", "is empty");
        assertRefused("b.yaml", "class_scores: [", "no YAML");
        assertRefused("c.yaml", "class_scores: !!python/object/apply:os.system ['touch x']", "os.system");
        assertRefused("d.yaml", "class_scores: !!python/object/apply:numpy.core.multiarray._reconstruct [1]", "numpy");
        assertRefused("a.pkl", "\u0080\u0002cos\nsystem\nX\u0001\0\0\0x\u0085R.", "os.system");
        assertRefused("b.pkl", "hello", "b.pkl");
        String missing = assertThrows(UserError.class, () -> ResultFile.read(dir.resolve("none.json")))
                .getMessage();
        assertTrue(missing.contains("does not exist"), missing);
    }

    /** Sizes that a damaged or hostile file may claim. */
    @Test
    void arraysLargerThanTheirDataAreRefused() throws IOException {
        String array = """
                class_scores: !!python/object/apply:numpy.core.multiarray._reconstruct
                  args: [!!python/name:numpy.ndarray , !!python/tuple [0], !!binary Yg==]
                  state: !!python/tuple
                  - 1
                  - !!python/tuple [%s]
                  - !!python/object/apply:numpy.dtype
                    args: [f4, false, true]
                    state: !!python/tuple [3, <, null, null, null, -1, -1, 0]
                  - false
                  - !!binary AACAPwAAAEA=
                """;
        assertRefused("big.yaml", array.formatted("1000000, 1000000"), "numpy");
        assertRefused("wrap.yaml", array.formatted("4611686018427387904, 2"), "numpy");
        Path file = Files.writeString(dir.resolve("fits.yaml"), array.formatted("2, 1"));
        assertArrayEquals(
                new float[] {1, 2}, ResultFile.read(file).classScores().values());
    }
}
