package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.report.PythonJson;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** On six images in two folders, whose files have the same names in both. */
class AnalyzeCommandTest {
    @TempDir
    private Path dir;

    private Path config;
    private Path result;

    @BeforeEach
    void makeData() throws IOException {
        for (String name : List.of("cat/1.png", "cat/2.png", "cat/3.jpg", "dog/1.png", "dog/2.png", "dog/3.jpg")) {
            Path file = dir.resolve("images").resolve(name);
            Files.createDirectories(file.getParent());
            BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
            ImageIO.write(image, name.endsWith("png") ? "png" : "jpeg", file.toFile());
        }
        config = Files.writeString(dir.resolve("config.py"), """
                data = dict(
                    samples_per_gpu=2,
                    test=dict(type='CustomDataset', data_prefix='%s', pipeline=[dict(type='LoadImageFromFile')]))
                """.formatted(dir.resolve("images")));
        result = Files.writeString(
                dir.resolve("result.json"),
                PythonJson.dumps(Map.of(
                        "pred_score", List.of(0.9, 0.8, 0.7, 0.95, 0.6, 0.5),
                        "pred_label", List.of(0L, 1L, 0L, 0L, 0L, 1L),
                        "pred_class", List.of("cat", "dog", "cat", "cat", "cat", "dog"))));
    }

    private CommandLineRun analyze(Object... more) {
        return CommandLineRun.of(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("analyze", config, result, "--out-dir", dir.resolve("out")),
                        java.util.stream.Stream.of(more))
                .toArray());
    }

    private List<?> json(String name) throws IOException {
        return (List<?>) new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(dir.resolve("out").resolve(name)));
    }

    private String files(String folder) throws IOException {
        try (var files = Files.list(dir.resolve("out").resolve(folder))) {
            return files.map(f -> f.getFileName().toString()).sorted().collect(Collectors.joining(" "));
        }
    }

    @Test
    void foldersHoldWhatMmclssDo() throws IOException {
        CommandLineRun run = analyze();
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("1.png 3.jpg cat_3.jpg success.json", files("success"));
        assertEquals("1.png 2.png cat_2.png fail.json", files("fail"));
        List<?> fail = json("fail/fail.json");
        Map<?, ?> first = (Map<?, ?>) fail.getFirst(); // the lowest score first
        assertEquals(
                List.of("pred_score", "pred_label", "pred_class", "filename", "gt_label", "gt_class"),
                List.copyOf(first.keySet()));
        assertEquals(0.6, (Double) first.get("pred_score"), 1e-7); // of float32
        assertEquals("dog", first.get("gt_class"));
        assertEquals(dir.resolve("images/dog/2.png").toString(), first.get("filename"));
        assertEquals(
                List.of(
                        Map.of("gt_class", "dog", "pred_class", "cat", "count", 2),
                        Map.of("gt_class", "cat", "pred_class", "dog", "count", 1)),
                json("confused_pairs.json"));
        assertTrue(
                run.out().startsWith("3 of 6 images are right (50.00 %)\nmost confused:\n     2  dog taken for cat\n"),
                run.out());
        assertTrue(ImageIO.read(dir.resolve("out/contact_sheet.png").toFile()).getWidth() > 500);
    }

    @Test
    void topkAndTheHighestScores() throws IOException {
        assertEquals(0, analyze("--topk", 1, "--highest").exitCode());
        assertEquals("1.png fail.json", files("fail"));
        assertEquals(0.95, (Double) ((Map<?, ?>) json("fail/fail.json").getFirst()).get("pred_score"), 1e-7);
    }

    @Test
    void mistakesAreSentences() throws IOException {
        for (CommandLineRun run : List.of(
                analyze("--topk", 0),
                CommandLineRun.of("analyze", config, dir.resolve("none.pkl")),
                CommandLineRun.of(
                        "analyze", config, Files.write(dir.resolve("m.json"), Golden.bytes("mmcls/result.json"))))) {
            assertEquals(2, run.exitCode(), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }
}
