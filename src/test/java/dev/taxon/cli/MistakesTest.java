package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.SyntheticMnist;
import dev.taxon.UserError;
import dev.taxon.tensor.Region;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's mistake gets one sentence and exit code 2, and loses nothing. */
class MistakesTest {
    private static final Path LENET = Path.of("configs/lenet/lenet5_mnist.py");

    @TempDir
    private Path dir;

    private Path data;

    @BeforeEach
    void makeData() {
        data = SyntheticMnist.write(dir.resolve("mnist"), 100, 100);
    }

    private static void assertSentence(CommandLineRun run, String... parts) {
        assertEquals(2, run.exitCode(), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
        assertEquals(
                1,
                run.err().lines().filter(l -> !l.contains(" - mmcls - INFO - ")).count(),
                run.err());
        for (String part : parts) {
            assertTrue(run.err().contains(part), () -> "no \"" + part + "\" in: " + run.err());
        }
    }

    private CommandLineRun train(String... overrides) {
        Object[] args = {
            "train",
            LENET,
            "--work-dir",
            dir.resolve("work"),
            "--cfg-options",
            "data.train.data_prefix=" + data,
            "data.val.data_prefix=" + data
        };
        return CommandLineRun.of(java.util.stream.Stream.concat(Arrays.stream(args), Arrays.stream(overrides))
                .toArray());
    }

    private CommandLineRun test(Path checkpoint) {
        return CommandLineRun.of(
                "test", LENET, checkpoint, "--metrics", "accuracy", "--cfg-options", "data.test.data_prefix=" + data);
    }

    @Test
    void unknownConfigKeyNamesPlaceAndNearestName() throws IOException {
        Path config = dir.resolve("bad.py");
        Files.writeString(
                config, "model = dict(type='ImageClassifier',\n    backbone=dict(type='LeNet5', num_class=10))\n");
        assertSentence(CommandLineRun.of("flops", config), "bad.py:2:", "'num_class'", "'num_classes'");
    }

    @Test
    void missingFilesAreNamed() {
        assertSentence(CommandLineRun.of("train", dir.resolve("none.py")), "none.py");
        assertSentence(test(dir.resolve("none.pth")), "none.pth");
        assertSentence(CommandLineRun.of("publish", dir.resolve("none.pth"), dir.resolve("x")), "none.pth");
    }

    @Test
    void truncatedDataIsNotTrainedOn() throws IOException {
        Path images = data.resolve("train-images-idx3-ubyte");
        Files.write(images, Arrays.copyOf(Files.readAllBytes(images), 5000));
        assertSentence(train(), "train-images-idx3-ubyte");
    }

    @Test
    void truncatedAndForeignCheckpointsAreRefused() throws IOException {
        byte[] good = Golden.bytes("mmcls/lenet5_epoch_2.pth");
        Path cut = dir.resolve("cut.pth");
        Files.write(cut, Arrays.copyOf(good, good.length / 2));
        assertSentence(test(cut), "cut.pth");
        Path text = dir.resolve("text.pth");
        Files.writeString(text, "hello");
        assertSentence(test(text), "text.pth");
    }

    /** The pickle that calls os.system: refused by name, and nothing runs. */
    @Test
    void hostilePickleIsRefused() throws IOException {
        Path victim = dir.resolve("victim");
        Path evil = dir.resolve("evil.pth");
        String pickle = "\u0080\u0002cos\nsystem\nX"
                + "%c\0\0\0".formatted(6 + victim.toString().length()) + "touch " + victim + "\u0085R.";
        Files.write(evil, pickle.getBytes(StandardCharsets.ISO_8859_1));
        assertSentence(test(evil), "evil.pth", "os.system");
        assertFalse(Files.exists(victim));
    }

    @Test
    void wrongClassCountsAreSaid() throws IOException {
        assertSentence(train("model.backbone.num_classes=7"), "7", "10", "num_classes");
        Path checkpoint = dir.resolve("ten.pth");
        Files.write(checkpoint, Golden.bytes("mmcls/lenet5_epoch_2.pth"));
        Path config = dir.resolve("eleven.py");
        Files.writeString(
                config,
                "_base_ = '" + LENET.toAbsolutePath() + "'\n"
                        + "model = dict(backbone=dict(num_classes=11))\n"
                        + "data = dict(test=dict(data_prefix='" + data + "', classes=list('abcdefghijk')))\n");
        assertSentence(
                CommandLineRun.of("test", config, checkpoint, "--metrics", "accuracy"), "ten.pth", "10 classes", "11");
    }

    @Test
    void unknownDeviceAndMetricAreRefused() {
        assertSentence(CommandLineRun.of("test", LENET, "x.pth", "--metrics", "accurracy"), "'accuracy'");
        assertSentence(
                CommandLineRun.of(
                        "train",
                        LENET,
                        "--work-dir",
                        dir.resolve("w"),
                        "--device",
                        "tpu",
                        "--cfg-options",
                        "data.train.data_prefix=" + data,
                        "data.val.data_prefix=" + data),
                "'tpu'",
                "cpu");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "optimizer.lr=-1",
                "data.samples_per_gpu=0",
                "runner.max_epochs=0",
                "runner.foo=0",
                "log_config.interval=0",
                "evaluation.interval=0",
                "optimizer_config.grad_clip=dict(max_norm=-1)",
                "optimizer_config.grad_clip=dict(max_norm=1,norm_type=0)",
                "lr_config.step=[0]",
                "taxon.threads=100000",
                "data.workers_per_gpu=-1",
                "data.train.type=MNISTT",
                "data.train.classes=configs",
                "data.train.pipeline.0.size=0",
                "load_from=/no/such.pth",
                "resume_from=configs",
                "model.head.type=Foo",
            })
    void badValuesAreSentences(String override) {
        CommandLineRun run = train(override);
        assertSentence(run, "error: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "strides=[1,2]",
                "strides=[1,2,2,0]",
                "dilations=[1]",
                "out_indices=[]",
                "num_stages=5",
                "num_stages=0",
                "in_channels=-1",
                "base_channels=0",
                "depth=19",
            })
    void badBackbonesAreSentences(String override) {
        String config = "configs/resnet/resnet18_8xb16_cifar10.py";
        assertSentence(CommandLineRun.of("flops", config, "--cfg-options", "model.backbone." + override), "error: ");
    }

    @Test
    void workDirThatTakesNoFilesIsNamed() {
        assertSentence(
                CommandLineRun.of("train", LENET, "--work-dir", "/proc/self", "--cfg-options", "taxon.threads=1"),
                "--work-dir");
    }

    @Test
    void moreNativeMemoryThanThereIsIsASentence() {
        UserError error = assertThrows(UserError.class, () -> Region.ofBytes(1L << 50));
        assertTrue(error.getMessage().contains("samples_per_gpu"), error.getMessage());
    }

    /** A bad value is found before a run begins, so that nothing is written for it. */
    @Test
    void nothingIsLost() throws IOException {
        Path work = dir.resolve("work");
        Files.createDirectories(work);
        Path kept = work.resolve("epoch_1.pth");
        Files.writeString(kept, "precious");
        assertSentence(train("optimizer.type=SDG"), "SDG");
        assertEquals("precious", Files.readString(kept));
    }
}
