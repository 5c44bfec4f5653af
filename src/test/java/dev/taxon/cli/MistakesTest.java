package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.SyntheticMnist;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertEquals(1, run.err().lines().filter(l -> !l.contains(" - mmcls - INFO - ")).count(), run.err());
        for (String part : parts) {
            assertTrue(run.err().contains(part), () -> "no \"" + part + "\" in: " + run.err());
        }
    }

    private CommandLineRun train(String... overrides) {
        Object[] args = {"train", LENET, "--work-dir", dir.resolve("work"), "--cfg-options",
            "data.train.data_prefix=" + data, "data.val.data_prefix=" + data};
        return CommandLineRun.of(
                java.util.stream.Stream.concat(Arrays.stream(args), Arrays.stream(overrides)).toArray());
    }

    private CommandLineRun test(Path checkpoint) {
        return CommandLineRun.of(
                "test", LENET, checkpoint, "--metrics", "accuracy", "--cfg-options", "data.test.data_prefix=" + data);
    }

    @Test
    void unknownConfigKeyNamesPlaceAndNearestName() throws IOException {
        Path config = dir.resolve("bad.py");
        Files.writeString(config, "model = dict(type='ImageClassifier',\n    backbone=dict(type='LeNet5', num_class=10))\n");
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
        String pickle = "\u0080\u0002cos\nsystem\nX" + "%c\0\0\0".formatted(6 + victim.toString().length()) + "touch "
                + victim + "\u0085R.";
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
        assertSentence(CommandLineRun.of("test", config, checkpoint, "--metrics", "accuracy"), "ten.pth", "10 classes", "11");
    }

    @Test
    void unknownDeviceAndMetricAreRefused() {
        assertSentence(CommandLineRun.of("test", LENET, "x.pth", "--metrics", "accurracy"), "'accuracy'");
        assertSentence(
                CommandLineRun.of(
                        "train", LENET, "--work-dir", dir.resolve("w"), "--device", "tpu", "--cfg-options",
                        "data.train.data_prefix=" + data, "data.val.data_prefix=" + data),
                "'tpu'", "cpu");
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
