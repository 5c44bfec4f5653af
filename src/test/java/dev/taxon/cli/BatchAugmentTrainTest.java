package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.SyntheticMnist;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training with mixed batches through the command line, on a small data set in MNIST's format. */
class BatchAugmentTrainTest {
    private static final Path LENET = Path.of("configs/lenet/lenet5_mnist.py");
    private static final String AUGMENTS = """
            augments=[
                dict(type='BatchMixup', alpha=0.2, num_classes=10, prob=0.4),
                dict(type='BatchCutMix', alpha=1.0, num_classes=10, prob=0.2),
                dict(type='BatchResizeMix', alpha=1.0, num_classes=10, prob=0.2)]""";

    @TempDir
    private Path dir;

    private CommandLineRun train(String workDir, String trainCfg, String loss, int epochs, int workers, Object resume)
            throws IOException {
        Path data = SyntheticMnist.write(dir.resolve("mnist"), 300, 50);
        Path config = Files.writeString(dir.resolve("mixed.py"), """
                _base_ = '%s'
                model = dict(head=dict(loss=%s), train_cfg=dict(%s))
                data = dict(samples_per_gpu=64, workers_per_gpu=%d,
                            train=dict(data_prefix='%s'), val=dict(data_prefix='%s'))
                runner = dict(max_epochs=%d)
                optimizer = dict(lr=0.05)
                log_config = dict(interval=1)
                resume_from = %s
                """.formatted(
                        LENET.toAbsolutePath(), loss, trainCfg, workers, data, data, epochs, resume));
        return CommandLineRun.of("train", config, "--work-dir", dir.resolve(workDir), "--seed", 7);
    }

    private byte[] weights(String file) {
        try (Checkpoint checkpoint = Checkpoint.open(dir.resolve(file))) {
            Map<?, ?> tensors = (Map<?, ?>) checkpoint.tree().get("state_dict");
            Tensor fc = (Tensor) Objects.requireNonNull(tensors.get("backbone.classifier.2.weight"));
            return fc.data().toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** Neither the loader's threads nor a resumption between epochs change a byte. */
    @Test
    void mixingIsTheSameOnAnyThreadsAndAfterResumption() throws IOException {
        String loss = "dict(_delete_=True, type='LabelSmoothLoss', label_smooth_val=0.1, mode='original')";
        CommandLineRun whole = train("whole", AUGMENTS, loss, 2, 3, "None");
        assertEquals(0, whole.exitCode(), whole.err() + whole.out());
        assertEquals(0, train("half", AUGMENTS, loss, 1, 0, "None").exitCode());
        String half = "'" + dir.resolve("half/epoch_1.pth") + "'";
        assertEquals(0, train("resumed", AUGMENTS, loss, 2, 1, half).exitCode());
        assertArrayEquals(weights("whole/epoch_2.pth"), weights("resumed/epoch_2.pth"));
        assertEquals(0, train("plain", "", loss, 1, 0, "None").exitCode());
        assertFalse(Arrays.equals(weights("half/epoch_1.pth"), weights("plain/epoch_1.pth")));
    }

    /** mmcls 0.12's form; and soft targets of a loss that asks for them without any augment. */
    @Test
    void theOlderFormAndUseSoftTrain() throws IOException {
        String soft = "dict(_delete_=True, type='CrossEntropyLoss', use_soft=True)";
        CommandLineRun run = train("old", "mixup=dict(alpha=0.2, num_classes=10)", soft, 1, 1, "None");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(0, train("soft", "", soft, 1, 1, "None").exitCode());
        assertEquals(
                0,
                train("hard", "", "dict(type='CrossEntropyLoss')", 1, 1, "None").exitCode());
        assertArrayEquals(weights("hard/epoch_1.pth"), weights("soft/epoch_1.pth"));
    }

    /** On a device of float32 the scale of the loss changes nothing, and the run says so once. */
    @Test
    void halfPrecisionTrainsInFloat32AndSaysSo() throws IOException {
        String loss = "dict(type='CrossEntropyLoss')";
        assertEquals(0, train("plain", "", loss, 1, 1, "None").exitCode());
        CommandLineRun half = train("half", "", loss, 1, 1, "None\nfp16 = dict(loss_scale=512.)");
        assertEquals(0, half.exitCode(), half.err());
        assertEquals(
                1, (half.out() + half.err()).split("fp16 is set, but this device trains in float32", -1).length - 1);
        assertArrayEquals(weights("plain/epoch_1.pth"), weights("half/epoch_1.pth"));
        CommandLineRun wrong = train("bad", "", loss, 1, 1, "None\nfp16 = dict(loss_scale='large')");
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.err().contains("fp16.loss_scale must be a number, 'dynamic' or a dict"), wrong.err());
    }

    @Test
    void anotherNumberOfClassesIsOneSentence() throws IOException {
        CommandLineRun run =
                train("bad", "mixup=dict(alpha=0.2, num_classes=7)", "dict(type='CrossEntropyLoss')", 1, 1, "None");
        assertEquals(2, run.exitCode());
        assertTrue(
                run.err().contains("the model has 10 classes, but the augments of its train_cfg have num_classes=7"),
                run.err());
    }
}
