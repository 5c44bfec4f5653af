package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.config.Config;
import dev.taxon.device.Weights;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.StateEntry;
import dev.taxon.model.ImageClassifier;
import dev.taxon.optim.Method;
import dev.taxon.optim.Sgd;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealModelsTest {
    @TempDir
    Path folder;

    private static Graph graph(Config config, Shape input) {
        return ImageClassifier.read(config.fields().dict("model")).graph(input);
    }

    /** mmcls's file → weights and momentum → our file: same names, order and bits. */
    @Test
    void lenet5OfMmclsThereAndBack() {
        Path ours = folder.resolve("epoch_2.pth");
        try (Checkpoint theirs = Checkpoint.open(Golden.file("mmcls/lenet5_epoch_2.pth"));
                ReferenceDevice device = new ReferenceDevice();
                Arena arena = Arena.ofConfined()) {
            Config config = Config.parse((String) theirs.meta().get("config"), "meta.config");
            try (Weights weights = device.allocate(graph(config, Shape.of(1, 32, 32)))) {
                assertTrue(Loading.into(weights, theirs.stateDict(), true).isExact());
                Method method = new Sgd(0.01, 0.9, 0, 0, false);
                OptimizerState sgd = OptimizerState.read(theirs.optimizer(), method, weights);
                assertEquals(10, sgd.started().size());
                assertEquals(0.01, sgd.groups().getFirst().fields().get("initial_lr"));
                Map<Object, Object> tree = new LinkedHashMap<>();
                tree.put("state_dict", StateDict.of(weights, arena).toTree());
                tree.put("optimizer", sgd.toTree(method, weights, arena));
                Checkpoint.write(ours, tree);
            }
            try (Checkpoint written = Checkpoint.open(ours)) {
                assertSameTensors(
                        theirs.stateDict().tensors(), written.stateDict().tensors());
                assertSameTensors(momenta(theirs), momenta(written));
                assertEquals(
                        theirs.optimizer().get("param_groups").toString(),
                        written.optimizer().get("param_groups").toString());
            }
        }
    }

    private static Map<String, Tensor> momenta(Checkpoint checkpoint) {
        Map<String, Tensor> momenta = new LinkedHashMap<>();
        ((Map<?, ?>) checkpoint.optimizer().get("state"))
                .forEach((index, state) ->
                        momenta.put(index.toString(), (Tensor) ((Map<?, ?>) state).get("momentum_buffer")));
        return momenta;
    }

    private static void assertSameTensors(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
        expected.forEach((name, tensor) -> {
            Tensor other = actual.get(name);
            assertEquals(tensor.shape(), other.shape(), name);
            assertEquals(tensor.dtype(), other.dtype(), name);
            assertEquals(-1, tensor.data().mismatch(other.data()), name);
        });
    }

    /** The names and shapes of akamaster's ResNet-20, which has no counters, fit our graph. */
    @Test
    void resnet20OfAkamasterIsKnown() {
        Graph graph = graph(Config.load(Path.of("configs", "resnet", "resnet20_cifar10.py")), Shape.of(3, 32, 32));
        KeyMap toTheirs =
                KeyMap.of("^backbone\\.", "").then("^head\\.fc", "linear").then("^", "module.");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (StateEntry entry : graph.state()) {
            if (!entry.name().endsWith("num_batches_tracked")) {
                MemorySegment zeros =
                        MemorySegment.ofArray(new float[(int) entry.shape().numel()]);
                tensors.put(toTheirs.rename(entry.name()), new Tensor(DType.FLOAT32, entry.shape(), zeros));
            }
        }
        assertTrue(tensors.containsKey("module.layer3.2.bn2.running_var") && tensors.containsKey("module.linear.bias"));
        try (ReferenceDevice device = new ReferenceDevice();
                Weights weights = device.allocate(graph)) {
            LoadReport report = Loading.into(weights, new StateDict(tensors), true);
            assertEquals(tensors.size(), report.matched().size());
            assertTrue(report.note().contains("akamaster"), report.note());
        }
    }
}
