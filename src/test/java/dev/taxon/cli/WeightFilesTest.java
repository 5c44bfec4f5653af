package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.SyntheticMnist;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.Golden;
import dev.taxon.checkpoint.Loading;
import dev.taxon.checkpoint.StateDict;
import dev.taxon.config.Config;
import dev.taxon.device.Weights;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights in every form that the commands take, through the command line. */
class WeightFilesTest {
    private static final Path LENET = Path.of("configs/lenet/lenet5_mnist.py");
    private static final Path CHECKPOINT = Golden.file("mmcls/lenet5_epoch_2.pth");

    @TempDir
    private Path dir;

    private Path data;

    @BeforeEach
    void makeData() {
        data = SyntheticMnist.write(dir.resolve("mnist"), 128, 200);
    }

    private static CommandLineRun ok(Object... args) {
        CommandLineRun run = CommandLineRun.of(args);
        assertEquals(0, run.exitCode(), run.err() + run.out());
        return run;
    }

    private CommandLineRun test(Path checkpoint) {
        return ok("test", LENET, checkpoint, "--metrics", "accuracy", "--cfg-options", "data.test.data_prefix=" + data);
    }

    private CommandLineRun train(Path loadFrom, String... more) {
        Object[] args = {
            "train",
            LENET,
            "--work-dir",
            dir.resolve("run"),
            "--no-validate",
            "--cfg-options",
            "data.train.data_prefix=" + data,
            "runner.max_epochs=1",
            "load_from=" + loadFrom
        };
        Object[] all = new Object[args.length + more.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return CommandLineRun.of(all);
    }

    @Test
    void safetensorsAndBareBackbonesTestLikeTheOriginal() {
        String accuracy = test(CHECKPOINT).out();
        Path safe = dir.resolve("lenet.safetensors");
        assertEquals(
                "Wrote 10 entries to " + safe + "\n",
                ok("convert", CHECKPOINT, safe).out());
        assertEquals(accuracy, test(safe).out());
        Path bare = dir.resolve("bare.pth");
        ok("convert", safe, bare, "--strip-prefix", "backbone.");
        CommandLineRun run = test(bare);
        assertEquals(accuracy, run.out());
        assertTrue(run.err().contains("loaded 10 of 10 entries; 'backbone.' put before its names"), run.err());
        Path whole = dir.resolve("whole.pth");
        ok("convert", bare, whole, "--add-prefix", "backbone.");
        assertEquals(accuracy, test(whole).out());
        CommandLineRun trained = train(safe);
        assertEquals(0, trained.exitCode(), trained.err());
        assertTrue(trained.out().contains("loaded 10 of 10 entries"), trained.out());
    }

    @Test
    void anotherClassCountNeedsTheOptionThatSkipsTheHead() {
        Path five = dir.resolve("five.pth");
        try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINT)) {
            Map<String, Tensor> tensors =
                    new LinkedHashMap<>(checkpoint.stateDict().tensors());
            tensors.put("backbone.classifier.2.weight", Tensor.of(Shape.of(5, 84), new float[5 * 84]));
            tensors.put("backbone.classifier.2.bias", Tensor.of(Shape.of(5), new float[5]));
            Checkpoint.write(five, Map.of("state_dict", new StateDict(tensors).toTree()));
        }
        CommandLineRun refused = train(five);
        assertEquals(2, refused.exitCode());
        assertTrue(
                refused.err()
                        .contains("the checkpoint has 5 classes and the model has 10 (backbone.classifier.2.weight)"),
                refused.err());
        assertTrue(refused.err().contains("train --skip-head"), refused.err());
        String said = "loaded 8 of 8 entries; skipped the head, as asked: backbone.classifier.2.weight,";
        CommandLineRun skipped = train(five, "taxon.skip_head=True");
        assertEquals(0, skipped.exitCode(), skipped.err());
        assertTrue(skipped.out().contains(said), skipped.out());
        assertTrue(train(five, "--skip-head").out().contains(said));
    }

    @Test
    void aTrainedRepVggFitsItsDeployConfig() {
        Path trained = dir.resolve("trained.pth");
        Path deployed = dir.resolve("deployed.pth");
        Path config = Path.of("configs/repvgg/repvgg-A0_4xb64-coslr-120e_in1k.py");
        try (ReferenceDevice device = new ReferenceDevice();
                Arena arena = Arena.ofConfined()) {
            try (Weights weights = device.allocate(graph(config))) {
                Checkpoint.write(
                        trained,
                        Map.of("state_dict", StateDict.of(weights, arena).toTree()));
            }
            ok("convert", trained, deployed, "--deploy", config);
            Path deploy = Path.of("configs/repvgg/deploy/repvgg-A0_deploy_4xb64-coslr-120e_in1k.py");
            try (Weights weights = device.allocate(graph(deploy));
                    Checkpoint checkpoint = Checkpoint.open(deployed)) {
                assertTrue(Loading.into(weights, checkpoint.stateDict(), true).isExact());
            }
        }
        assertMistake("it is no RepVGG's", "convert", CHECKPOINT, dir.resolve("a.pth"), "--deploy", config);
        assertMistake("has no batch norm", "convert", CHECKPOINT, dir.resolve("a.pth"), "--deploy", LENET);
    }

    private static Graph graph(Path config) {
        ImageClassifier model =
                ImageClassifier.read(Config.load(config).fields().dict("model"));
        return model.graph(model.exampleInput());
    }

    @Test
    void mistakesAreOneSentence() {
        assertMistake("must end in .pth or .safetensors", "convert", CHECKPOINT, dir.resolve("out"));
        assertMistake(
                "--arch resnet50 needs --from", "convert", CHECKPOINT, dir.resolve("a.pth"), "--arch", "resnet50");
        assertMistake(
                "are not those of torchvision's", "convert", CHECKPOINT, dir.resolve("a.pth"), "--from", "torchvision");
        assertMistake("did you mean 'resnet50'?", "publish", "torchvision://resnet5", dir.resolve("a.pth"));
        assertMistake("s3://b/a.pth: Taxon reads paths", "infer", "x.jpg", LENET, "s3://b/a.pth");
    }

    private static void assertMistake(String expected, Object... args) {
        CommandLineRun run = CommandLineRun.of(args);
        assertEquals(2, run.exitCode(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(expected), run.err());
    }
}
