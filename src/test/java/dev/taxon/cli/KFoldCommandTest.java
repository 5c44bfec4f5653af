package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.SyntheticMnist;
import dev.taxon.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KFoldCommandTest {
    private static final Path LENET = Path.of("configs/lenet/lenet5_mnist.py");

    @TempDir
    private Path dir;

    private Path data;

    @BeforeEach
    void makeData() {
        data = SyntheticMnist.write(dir.resolve("mnist"), 300, 10);
    }

    private CommandLineRun kfold(Object... more) {
        List<Object> args = new ArrayList<>(List.of("kfold", LENET, "--work-dir", dir.resolve("work")));
        args.addAll(Arrays.asList(more));
        args.addAll(List.of(
                "--cfg-options",
                "data.train.data_prefix=" + data,
                "data.val.data_prefix=" + data,
                "runner.max_epochs=1",
                "data.samples_per_gpu=50",
                "evaluation.interval=1",
                "optimizer.lr=0.05"));
        return CommandLineRun.of(args.toArray());
    }

    @Test
    void trainsEachFoldAndSummarizes() throws IOException {
        CommandLineRun run = kfold("--num-splits", 3, "--seed", 5);
        assertEquals(0, run.exitCode(), run.err() + run.out());
        assertTrue(run.out().contains("-------- Cross-validation: [3/3] --------"), run.out());
        String table = run.out().substring(run.out().indexOf("3-fold Cross-validation Summary"));
        String number = "\\d+\\.\\d\\d +";
        assertTrue(
                table.matches(
                        "3-fold Cross-validation Summary\\n\\| Fold \\| accuracy_top-1 \\|.* Epoch \\| Date +\\|\\n\\|[-|]+\\|\\n"
                                + ("\\| [123]    \\| " + number + "\\| .*1     \\| \\d{4}-.*\\|\\n").repeat(3)
                                + "\\|[-|]+\\|\\n\\| mean \\| " + number + "\\|.*\\n\\| std  \\| " + number
                                + "\\|.*\\n"),
                table);
        try (Checkpoint checkpoint = Checkpoint.open(dir.resolve("work/fold1/latest.pth"))) {
            assertEquals(6L, checkpoint.meta().get("seed"));
            assertEquals(Map.of("fold", 1L, "num_splits", 3L), checkpoint.meta().get("kfold"));
        }
        String config = Files.readString(dir.resolve("work/fold2/lenet5_mnist_fold2.py"));
        assertTrue(config.contains("type='KFoldDataset'") && config.contains("fold=2"), config);
        assertEquals(table, kfold("--num-splits", 3, "--summary").out());

        CommandLineRun resumed = kfold("--num-splits", 3, "--resume-from", dir.resolve("work/fold2/latest.pth"));
        assertEquals(0, resumed.exitCode(), resumed.err());
        assertTrue(!resumed.out().contains("[2/3]") && resumed.out().contains("[3/3]"), resumed.out());
    }

    private static void assertSentence(CommandLineRun run, String part) {
        assertEquals(2, run.exitCode(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(part), run.err());
    }

    @Test
    void mistakesAreSentences() throws IOException {
        assertSentence(kfold("--num-splits", 1), "at least 2");
        assertSentence(kfold("--num-splits", 3, "--fold", 1), "--seed");
        assertSentence(kfold("--num-splits", 3, "--fold", 3, "--seed", 1), "from 0 to 2");
        Path other = Files.write(dir.resolve("other.pth"), Golden.bytes("mmcls/lenet5_epoch_2.pth"));
        assertSentence(kfold("--num-splits", 3, "--resume-from", other), "KFoldDataset");
        assertSentence(kfold("--num-splits", 3, "--launcher", "pytorch"), "--launcher");
    }
}
