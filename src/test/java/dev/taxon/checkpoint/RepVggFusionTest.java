package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.StateEntry;
import dev.taxon.model.ImageClassifier;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Training and deployed form of a RepVGG give the same logits. */
class RepVggFusionTest {
    private static final int BATCH = 2;
    private static final int CLASSES = 5;

    /** Blocks with and without an identity, stride and groups; dilated in the last stage. */
    private static Graph graph(boolean deploy) {
        String model = """
                model = dict(
                    type='ImageClassifier',
                    backbone=dict(
                        type='RepVGG',
                        arch=dict(num_blocks=[2, 3], width_factor=[0.25, 0.25], group_layer_map={2: 2, 4: 4},
                                  se_cfg=dict(ratio=4, divisor=1)),
                        out_indices=(1, ), strides=(2, 1), dilations=(1, 2), norm_cfg=dict(type='BN', eps=1e-3),
                        deploy=%s),
                    neck=dict(type='GlobalAveragePooling'),
                    head=dict(type='LinearClsHead', num_classes=%d, in_channels=32))
                """.formatted(deploy ? "True" : "False", CLASSES);
        return ImageClassifier.read(Config.parse(model, "test.py").fields().dict("model"))
                .graph(Shape.of(3, 17, 13));
    }

    private static StateDict random(Graph graph) {
        Rng rng = new Rng(3, 0);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (StateEntry entry : graph.state()) {
            float[] values = new float[(int) entry.shape().numel()];
            boolean variance = entry.name().endsWith("running_var");
            double scale = entry.shape().rank() == 4
                    ? Math.sqrt(2.0 * entry.shape().dim(0) / entry.shape().numel())
                    : 0.5;
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (variance ? rng.uniform(0.2, 2) : scale * rng.nextGaussian());
            }
            boolean counter = entry.name().endsWith("num_batches_tracked");
            tensors.put(entry.name(), counter ? Tensor.ofLong(7) : Tensor.of(entry.shape(), values));
        }
        return new StateDict(tensors);
    }

    private static float[] logits(Device device, Graph graph, StateDict state) {
        float[] logits = new float[BATCH * CLASSES];
        try (Weights weights = device.allocate(graph)) {
            assertTrue(Loading.into(weights, state, true).isExact());
            try (Program program = device.compile(graph, weights, Options.eval(BATCH))) {
                float[] x = new float[(int) program.input().byteSize() / Float.BYTES];
                for (int i = 0; i < x.length; i++) {
                    x[i] = (float) Math.cos(0.7 * i);
                }
                program.writeInput(MemorySegment.ofArray(x));
                program.forward(Program.Draw.NONE);
                program.readOutput(MemorySegment.ofArray(logits));
            }
        }
        return logits;
    }

    /** 1e-5 of the largest logit: six roundings to float32 of weights, through six convolutions. */
    @Test
    void bothFormsGiveTheSameLogits() {
        Graph training = graph(false);
        Graph deployed = graph(true);
        StateDict state = random(training);
        StateDict fused = RepVggFusion.toDeploy(state, 1e-3);
        assertEquals(deployed.state().stream().map(StateEntry::name).toList(), List.copyOf(fused.names()));
        for (Device opened : List.of(new ReferenceDevice(), CpuDevice.open(2))) {
            try (Device device = opened) {
                float[] expected = logits(device, training, state);
                float[] actual = logits(device, deployed, fused);
                double largest = 0;
                double off = 0;
                for (int i = 0; i < expected.length; i++) {
                    largest = Math.max(largest, Math.abs(expected[i]));
                    off = Math.max(off, Math.abs(expected[i] - actual[i]));
                }
                assertTrue(largest > 0.01 && off <= 1e-5 * largest, "off by " + off + " of " + largest);
            }
        }
    }

    @Test
    void otherStateDictsAreRefused() {
        StateDict state = random(graph(false));
        StateDict deployed = RepVggFusion.toDeploy(state, 1e-3);
        UserError again = assertThrows(UserError.class, () -> RepVggFusion.toDeploy(deployed, 1e-3));
        assertTrue(again.getMessage().contains("deployed form already"), again.getMessage());
        Map<String, Tensor> torn = new LinkedHashMap<>(state.tensors());
        torn.remove("backbone.stem.branch_1x1.norm.running_var");
        UserError lacks = assertThrows(UserError.class, () -> RepVggFusion.toDeploy(new StateDict(torn), 1e-3));
        assertTrue(lacks.getMessage().contains("lacks backbone.stem.branch_1x1.norm.running_var"), lacks.getMessage());
    }
}
