package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.SyntheticMnist;
import dev.taxon.checkpoint.Checkpoint;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code init_cfg=dict(type='Pretrained', …)} and {@code pretrained}, and a model for several labels, through the command line. */
class InitialWeightsTest {
    private static final Path LENET = Path.of("configs/lenet/lenet5_mnist.py");

    @TempDir
    private Path dir;

    private Path data;

    @BeforeEach
    void makeData() {
        data = SyntheticMnist.write(dir.resolve("mnist"), 300, 100);
    }

    private CommandLineRun train(String workDir, int epochs, double lr, String... options) {
        List<Object> args = new ArrayList<>(List.of(
                "train",
                LENET,
                "--work-dir",
                dir.resolve(workDir),
                "--seed",
                7,
                "--cfg-options",
                "data.train.data_prefix=" + data,
                "data.val.data_prefix=" + data,
                "runner.max_epochs=" + epochs,
                "data.samples_per_gpu=32",
                "evaluation.interval=1",
                "optimizer.lr=" + lr));
        args.addAll(List.of(options));
        return CommandLineRun.of(args.toArray());
    }

    private Path checkpoint(String workDir) {
        return dir.resolve(workDir).resolve("latest.pth");
    }

    private Map<String, float[]> weights(String workDir) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(checkpoint(workDir))) {
            checkpoint
                    .stateDict()
                    .tensors()
                    .forEach((name, t) -> weights.put(name, t.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)));
        }
        return weights;
    }

    /** With a learning rate of 0 a run ends with the weights that it starts from. */
    private void assertStartsFromThoseOf(String source, String option) {
        CommandLineRun run = train("started", 1, 0, option);
        assertEquals(0, run.exitCode(), run.err() + run.out());
        Map<String, float[]> expected = weights(source);
        Map<String, float[]> got = weights("started");
        assertEquals(expected.keySet(), got.keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, got.get(name), name));
        assertTrue(run.out().contains("loaded 10 of 10 entries"), run.out());
    }

    @Test
    void aPretrainedBackboneIsTheStart() {
        assertEquals(0, train("source", 1, 0.05).exitCode());
        String file = checkpoint("source").toString();
        assertStartsFromThoseOf(
                "source",
                "model.backbone.init_cfg=dict(type='Pretrained', checkpoint='%s', prefix='backbone')".formatted(file));
        assertStartsFromThoseOf("source", "model.pretrained=" + file);
        assertStartsFromThoseOf("source", "model.init_cfg=dict(type='Pretrained', checkpoint='%s')".formatted(file));
        CommandLineRun wrong = train(
                "wrong",
                1,
                0,
                "model.backbone.init_cfg=dict(type='Pretrained', checkpoint='%s', prefix='neck')".formatted(file));
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.err().contains("begins with the prefix neck."), wrong.err());
    }

    @Test
    void aTestNeedsNoPretrainedFile() {
        assertEquals(0, train("source", 1, 0.05).exitCode());
        CommandLineRun tested = CommandLineRun.of(
                "test",
                LENET,
                checkpoint("source"),
                "--metrics",
                "accuracy",
                "--cfg-options",
                "data.test.data_prefix=" + data,
                "model.pretrained=" + dir.resolve("nowhere.pth"));
        assertEquals(0, tested.exitCode(), tested.err());
    }

    @Test
    void aModelForSeveralLabelsLearnsAndIsTested() {
        String head = "model.head=dict(_delete_=True, type='MultiLabelClsHead')";
        CommandLineRun run = train("labels", 12, 0.05, head);
        assertEquals(0, run.exitCode(), run.err() + run.out());
        CommandLineRun tested = CommandLineRun.of(
                "test",
                LENET,
                checkpoint("labels"),
                "--metrics",
                "accuracy",
                "--cfg-options",
                "data.test.data_prefix=" + data,
                head);
        assertEquals(0, tested.exitCode(), tested.err());
        double accuracy = Double.parseDouble(
                tested.out().strip().lines().findFirst().orElseThrow().replaceFirst(".* : ", ""));
        assertTrue(accuracy > 80, tested.out());
    }
}
