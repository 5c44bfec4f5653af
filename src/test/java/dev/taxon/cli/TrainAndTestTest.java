package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.SyntheticMnist;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job through the command line, on a small data set in MNIST's format. */
class TrainAndTestTest {
    private static final Path LENET = Path.of("configs/lenet/lenet5_mnist.py");

    @TempDir
    private Path dir;

    private Path data;

    @BeforeEach
    void makeData() {
        data = SyntheticMnist.write(dir.resolve("mnist"), 600, 200);
    }

    private CommandLineRun train(String workDir, int epochs, Object... more) {
        List<Object> args = new ArrayList<>(List.of("train", LENET, "--work-dir", dir.resolve(workDir), "--seed", 7));
        args.addAll(List.of(more));
        args.addAll(List.of(
                "--cfg-options",
                "data.train.data_prefix=" + data,
                "data.val.data_prefix=" + data,
                "runner.max_epochs=" + epochs,
                "data.samples_per_gpu=64",
                "evaluation.interval=1",
                "log_config.interval=5",
                "optimizer.lr=0.05"));
        CommandLineRun run = CommandLineRun.of(args.toArray());
        assertEquals(0, run.exitCode(), run.err() + run.out());
        return run;
    }

    private CommandLineRun test(Path checkpoint) {
        return CommandLineRun.of(
                "test", LENET, checkpoint, "--metrics", "accuracy", "--cfg-options", "data.test.data_prefix=" + data);
    }

    /** Every tensor of a checkpoint's state dict and optimizer, as bytes by name. */
    private static Map<String, byte[]> tensors(Path file) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            collect("", checkpoint.tree().get("state_dict"), bytes);
            collect("optimizer", checkpoint.optimizer().get("state"), bytes);
        }
        return bytes;
    }

    private static void collect(String name, Object value, Map<String, byte[]> into) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> collect(name + "." + key, item, into));
        } else if (value instanceof Tensor tensor) {
            into.put(name, tensor.data().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static void assertSame(Map<String, byte[]> expected, Map<String, byte[]> got) {
        assertEquals(expected.keySet(), got.keySet());
        expected.forEach((name, bytes) -> assertArrayEquals(bytes, got.get(name), name));
    }

    @Test
    void learnsAndTheTestCommandGivesTheSameAccuracyAsTheLog() throws IOException {
        CommandLineRun run = train("run", 4);
        String last = run.out()
                .lines()
                .filter(l -> l.contains("Epoch(val) [4][4]\t"))
                .findFirst()
                .orElseThrow();
        double accuracy = Double.parseDouble(last.replaceFirst(".*accuracy_top-1: ([0-9.]+).*", "$1"));
        assertTrue(accuracy > 95, last);
        Path work = dir.resolve("run");
        assertTrue(Files.isSymbolicLink(work.resolve("latest.pth")));
        assertEquals(Path.of("epoch_4.pth"), Files.readSymbolicLink(work.resolve("latest.pth")));
        CommandLineRun tested = test(work.resolve("latest.pth"));
        assertEquals(0, tested.exitCode(), tested.err());
        assertTrue(tested.out().startsWith("\naccuracy_top-1 : " + accuracy + "\n"), tested.out());
        assertTrue(Files.isRegularFile(work.resolve("lenet5_mnist.py")), "the config's dump");
    }

    @Test
    void logsAreInMmclssFormats() throws IOException {
        train("run", 1);
        String timestamped = "[0-9]{8}_[0-9]{6}\\.log";
        List<String> text = lines("run", timestamped);
        String prefix = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} - mmcls - INFO - ";
        assertTrue(
                text.stream()
                        .anyMatch(
                                l -> l.matches(
                                        prefix
                                                + "Epoch \\[1]\\[5/10]\\tlr: 5\\.000e-02, eta: \\d+:\\d\\d:\\d\\d, time: \\d+\\.\\d{3}, data_time: \\d+\\.\\d{3}, loss: \\d+\\.\\d{4}")));
        assertTrue(text.stream().anyMatch(l -> l.matches(prefix + "Saving checkpoint at 1 epochs")));
        assertTrue(text.stream()
                .anyMatch(l -> l.matches(prefix + "Epoch\\(val\\) \\[1]\\[4]\\taccuracy_top-1: \\d+\\.\\d{4}")));
        List<String> json = lines("run", timestamped + "\\.json");
        assertTrue(json.get(0).startsWith("{\"env_info\": \"Taxon"), json.get(0));
        String number = "\\d+\\.\\d+(e-\\d+)?";
        assertTrue(
                json.get(1)
                        .matches("\\{\"mode\": \"train\", \"epoch\": 1, \"iter\": 5, \"lr\": 0\\.05, \"data_time\": "
                                + number + ", \"loss\": " + number + ", \"time\": " + number + "}"),
                json.get(1));
        assertTrue(
                json.get(3)
                        .matches("\\{\"mode\": \"val\", \"epoch\": 1, \"iter\": 4, \"lr\": 0\\.05, \"accuracy_top-1\": "
                                + number + "}"),
                json.get(3));
    }

    private List<String> lines(String workDir, String name) throws IOException {
        try (var files = Files.list(dir.resolve(workDir))) {
            Path file = files.filter(f -> f.getFileName().toString().matches(name))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllLines(file);
        }
    }

    /** Two epochs equal one, a new process' worth of state from the checkpoint, and one more: every byte. */
    @Test
    void resumingIsBitExact() {
        train("whole", 2);
        train("half", 1);
        train("resumed", 2, "--resume-from", dir.resolve("half/epoch_1.pth"));
        assertSame(tensors(dir.resolve("whole/epoch_2.pth")), tensors(dir.resolve("resumed/epoch_2.pth")));
    }

    /** The same with batch norm, momentum of Nesterov's kind, warm-up, clipping and a frozen part of the network. */
    @Test
    void resumingAResNetIsBitExact() throws IOException {
        Path config = dir.resolve("resnet8.py");
        Files.writeString(config, """
                _base_ = '%s'
                model = dict(
                    _delete_=True,
                    type='ImageClassifier',
                    backbone=dict(
                        type='ResNet_CIFAR', depth=18, in_channels=1, stem_channels=4, base_channels=4, num_stages=2,
                        strides=(2, 2), dilations=(1, 1), out_indices=(1, ), frozen_stages=0),
                    neck=dict(type='GlobalAveragePooling'),
                    head=dict(
                        type='LinearClsHead', num_classes=10, in_channels=8, cal_acc=True,
                        loss=dict(type='LabelSmoothLoss', label_smooth_val=0.1)))
                data = dict(train=dict(data_prefix='%s'), samples_per_gpu=64)
                optimizer = dict(nesterov=True)
                optimizer_config = dict(grad_clip=dict(_delete_=True, max_norm=0.5))
                lr_config = dict(warmup='linear', warmup_iters=15, warmup_ratio=0.1)
                log_config = dict(interval=5)
                """.formatted(LENET.toAbsolutePath(), data));
        for (List<Object> run : List.<List<Object>>of(
                List.of("whole", 2, "None"),
                List.of("half", 1, "None"),
                List.of("resumed", 2, dir.resolve("half/epoch_1.pth")))) {
            CommandLineRun trained = CommandLineRun.of(
                    "train",
                    config,
                    "--work-dir",
                    dir.resolve((String) run.get(0)),
                    "--seed",
                    3,
                    "--no-validate",
                    "--cfg-options",
                    "runner.max_epochs=" + run.get(1),
                    "resume_from=" + run.get(2));
            assertEquals(0, trained.exitCode(), trained.err());
            assertTrue(
                    trained.out().matches("(?s).*top-1: [0-9.]+, loss: [0-9.]+, grad_norm: [0-9.]+\\n.*"),
                    trained.out());
        }
        Map<String, byte[]> whole = tensors(dir.resolve("whole/epoch_2.pth"));
        assertSame(whole, tensors(dir.resolve("resumed/epoch_2.pth")));
        Map<String, byte[]> half = tensors(dir.resolve("half/epoch_1.pth"));
        for (String frozen : List.of("conv1.weight", "bn1.weight", "bn1.running_mean", "bn1.num_batches_tracked")) {
            assertArrayEquals(half.get(".backbone." + frozen), whole.get(".backbone." + frozen), frozen);
        }
        assertFalse(Arrays.equals(half.get(".head.fc.weight"), whole.get(".head.fc.weight")));
    }

    /** One image through the command, as its data set's example through the test. */
    @Test
    void inferClassifiesAnImageFile() throws IOException {
        train("run", 4);
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        byte[] file = Files.readAllBytes(data.resolve("t10k-images-idx3-ubyte"));
        byte[] labels = Files.readAllBytes(data.resolve("t10k-labels-idx1-ubyte"));
        for (int i = 0; i < 28 * 28; i++) {
            image.getRaster().setSample(i % 28, i / 28, 0, file[16 + i] & 0xFF);
        }
        Path png = dir.resolve("digit.png");
        ImageIO.write(image, "png", png.toFile());
        CommandLineRun run = CommandLineRun.of("infer", png, LENET, dir.resolve("run/latest.pth"));
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("\"pred_label\": " + labels[8] + ","), run.out());
    }

    @Test
    void printConfigShowsOverridesAndCanBeReadBack() throws IOException {
        CommandLineRun run = CommandLineRun.of("print-config", LENET, "--cfg-options", "optimizer.lr=0.5");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(
                run.out().contains("optimizer = dict(type='SGD', lr=0.5, momentum=0.9, weight_decay=0.0001)\n"),
                run.out());
        Path printed = Files.writeString(dir.resolve("printed.py"), run.out());
        assertEquals(run.out(), CommandLineRun.of("print-config", printed).out());
    }

    @Test
    void oneSeedGivesOneRunWhateverTheLoaderThreads() {
        train("a", 1);
        List<Object> none = List.of("--no-validate");
        train("b", 1, none.toArray());
        CommandLineRun other = CommandLineRun.of(
                "train",
                LENET,
                "--work-dir",
                dir.resolve("c"),
                "--seed",
                7,
                "--no-validate",
                "--cfg-options",
                "data.train.data_prefix=" + data,
                "runner.max_epochs=1",
                "data.samples_per_gpu=64",
                "data.workers_per_gpu=0",
                "optimizer.lr=0.05");
        assertEquals(0, other.exitCode(), other.err());
        assertSame(tensors(dir.resolve("a/epoch_1.pth")), tensors(dir.resolve("b/epoch_1.pth")));
        assertSame(tensors(dir.resolve("a/epoch_1.pth")), tensors(dir.resolve("c/epoch_1.pth")));
        assertFalse(other.out().contains("Epoch(val)"));
    }

    /** A checkpoint that mmcls wrote: loads, tests, and resumes with its optimizer state. */
    @Test
    void mmclssCheckpointTestsAndResumes() throws IOException {
        Path checkpoint = dir.resolve("lenet5_epoch_2.pth");
        Files.write(checkpoint, Golden.bytes("mmcls/lenet5_epoch_2.pth"));
        CommandLineRun tested = test(checkpoint);
        assertEquals(0, tested.exitCode(), tested.err());
        CommandLineRun resumed = train("resumed", 3, "--resume-from", checkpoint);
        assertTrue(resumed.out().contains("resumed epoch 2, iter 32"), resumed.out());
        assertTrue(resumed.out().contains("Epoch [3][5/10]"), resumed.out());
        try (Checkpoint third = Checkpoint.open(dir.resolve("resumed/epoch_3.pth"))) {
            assertEquals(3L, third.meta().get("epoch"));
            assertEquals(42L, third.meta().get("iter"));
        }
    }

    /** As PyTorch's param_groups: the rate of the last step taken, not of the next one. */
    @Test
    void checkpointHoldsTheRateOfItsLastStep() {
        Object[] args = {
            "train",
            LENET,
            "--work-dir",
            dir.resolve("warm"),
            "--no-validate",
            "--cfg-options",
            "data.train.data_prefix=" + data,
            "runner.max_epochs=1",
            "data.samples_per_gpu=64",
            "optimizer.lr=1.0",
            "lr_config.warmup=linear",
            "lr_config.warmup_iters=100",
            "lr_config.warmup_ratio=0.5"
        };
        CommandLineRun run = CommandLineRun.of(args);
        assertEquals(0, run.exitCode(), run.err());
        try (Checkpoint checkpoint = Checkpoint.open(dir.resolve("warm/epoch_1.pth"))) {
            Map<?, ?> group = (Map<?, ?>) ((List<?>) checkpoint.optimizer().get("param_groups")).getFirst();
            assertEquals(1 - (1 - 9 / 100.0) * 0.5, (Double) group.get("lr"), 1e-12); // step 10 of 10
            assertEquals(1.0, group.get("initial_lr"));
        }
    }

    @Test
    void aRunThatDivergesSaysSoOnce() {
        CommandLineRun run = CommandLineRun.of(
                "train",
                LENET,
                "--work-dir",
                dir.resolve("nan"),
                "--seed",
                7,
                "--no-validate",
                "--cfg-options",
                "data.train.data_prefix=" + data,
                "runner.max_epochs=3",
                "data.samples_per_gpu=64",
                "optimizer.lr=1e30",
                "log_config.interval=5");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains(", loss: nan\n"), run.out());
        assertEquals(
                1,
                run.out()
                        .lines()
                        .filter(l -> l.contains("WARNING - the loss is no longer a number"))
                        .count());
    }

    /** A run that is done says so, and leaves its files alone. */
    @Test
    void resumingAFinishedRunSaysThatNothingIsLeft() {
        train("run", 1);
        CommandLineRun again = train("again", 1, "--resume-from", dir.resolve("run/latest.pth"));
        assertTrue(again.out().contains("nothing to train"), again.out());
        assertFalse(Files.exists(dir.resolve("again/latest.pth")));
    }

    @Test
    void publishDropsWhatOnlyTrainingNeeds() {
        train("run", 1);
        CommandLineRun run = CommandLineRun.of("publish", dir.resolve("run/latest.pth"), dir.resolve("lenet"));
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(
                run.out().matches("Successfully generated the publish-ckpt as .*lenet-[0-9a-f]{8}\\.pth\\.\\R"),
                run.out());
        Path published = Path.of(run.out().strip().replaceFirst("^.* as ", "").replaceFirst("\\.$", ""));
        try (Checkpoint checkpoint = Checkpoint.open(published)) {
            assertEquals(
                    java.util.Set.of("meta", "state_dict"), checkpoint.tree().keySet());
        }
        assertEquals(0, test(published).exitCode());
    }
}
