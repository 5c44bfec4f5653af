package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.config.Config;
import dev.taxon.device.Weights;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GridResize;
import dev.taxon.graph.Parameter;
import dev.taxon.model.ImageClassifier;
import dev.taxon.optim.Sgd;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Checkpoints of vision transformers: older names, other image sizes, and an optimizer whose order is not execution's. */
class VisionTransformerCheckpointTest {
    private static Graph graph(int size) {
        String model =
                "model = dict(type='ImageClassifier', backbone=dict(type='VisionTransformer', arch=dict(embed_dims=8,"
                        + " num_layers=2, num_heads=2, feedforward_channels=12), img_size=" + size + ", patch_size=8),"
                        + " head=dict(type='VisionTransformerClsHead', num_classes=3, in_channels=8))";
        return ImageClassifier.read(Config.parse(model, "vit.py").fields().dict("model"))
                .graph(Shape.of(3, size, size));
    }

    /** Every entry filled with its place in the state dict and the element's. */
    private static StateDict state(Graph graph, KeyMap names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int j = 0; j < graph.parameters().size(); j++) {
            Parameter p = graph.parameters().get(j);
            tensors.put(names.rename(p.name()), Tensor.of(p.shape(), values(p, j)));
        }
        return new StateDict(tensors);
    }

    private static float[] values(Parameter p, int j) {
        float[] values = new float[Math.toIntExact(p.shape().numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = j + (float) Math.sin(0.7 * i);
        }
        return values;
    }

    private static float[] read(Weights weights, Weights.Slot slot, Parameter p) {
        float[] values = new float[Math.toIntExact(p.shape().numel())];
        weights.read(slot, p, MemorySegment.ofArray(values));
        return values;
    }

    @Test
    void namesOfMmcls012AreTranslated() {
        KeyMap old = KeyMap.of("\\.attn\\.qkv\\.", ".attn.attn.in_proj_")
                .then("\\.attn\\.proj\\.", ".attn.attn.out_proj.")
                .then("\\.ffn\\.", ".mlp.");
        Graph graph = graph(32);
        assertTrue(state(graph, old).names().contains("backbone.layers.1.attn.attn.in_proj_bias"));
        for (KeyMap names : List.of(old, old.then("^", "module."))) {
            try (ReferenceDevice device = new ReferenceDevice();
                    Weights weights = device.allocate(graph)) {
                LoadReport report = Loading.into(weights, state(graph, names), true);
                assertTrue(report.note().contains("mmcls-0.12's vit"), report.note());
                for (int j = 0; j < graph.parameters().size(); j++) {
                    Parameter p = graph.parameters().get(j);
                    assertArrayEquals(values(p, j), read(weights, Weights.Slot.VALUE, p), p.name());
                }
            }
        }
    }

    @Test
    void positionEmbeddingOfAnotherImageSizeIsResized() {
        Graph large = graph(32); // 4 x 4 patches
        Graph small = graph(24); // 3 x 3
        try (ReferenceDevice device = new ReferenceDevice();
                Weights weights = device.allocate(large)) {
            LoadReport report = Loading.into(weights, state(small, KeyMap.DEFAULT), true);
            assertEquals("backbone.pos_embed was resized from (1, 10, 8) to (1, 17, 8)", report.note());
            Parameter positions = large.parameters().get(1);
            float[] stored = values(small.parameters().get(1), 1);
            float[] got = read(weights, Weights.Slot.VALUE, positions);
            double[] matrix = new GridResize(3, 3, 4, 4, GridResize.Mode.BICUBIC).matrix();
            for (int c = 0; c < 8; c++) {
                assertEquals(stored[c], got[c], "the class token's row stays");
                for (int to = 0; to < 16; to++) {
                    double expected = 0;
                    for (int from = 0; from < 9; from++) {
                        expected += matrix[to * 9 + from] * stored[(1 + from) * 8 + c];
                    }
                    assertEquals(expected, got[(1 + to) * 8 + c], 1e-6);
                }
            }
        }
    }

    /** A length that is no square grid, and other channels, stay a mismatch. */
    @Test
    void whatIsNoPositionEmbeddingOfThisModelIsAMismatch() {
        Graph graph = graph(32);
        for (Shape shape : List.of(Shape.of(1, 16, 8), Shape.of(1, 10, 7))) {
            Map<String, Tensor> tensors =
                    new LinkedHashMap<>(state(graph, KeyMap.DEFAULT).tensors());
            tensors.put("backbone.pos_embed", Tensor.of(shape, new float[Math.toIntExact(shape.numel())]));
            try (ReferenceDevice device = new ReferenceDevice();
                    Weights weights = device.allocate(graph)) {
                LoadReport report = Loading.into(weights, new StateDict(tensors), false);
                assertFalse(report.isExact());
                assertEquals(
                        "backbone.pos_embed", report.wrongShape().getFirst().name());
            }
        }
    }

    /** PyTorch numbers parameters as modules register them: tokens first; regions hold them as they run: patches first. */
    @Test
    void optimizerIndicesCountInRegistrationOrder() {
        Graph graph = graph(32);
        List<Parameter> parameters = graph.parameters();
        assertEquals("backbone.cls_token", parameters.get(0).name());
        assertEquals("backbone.pos_embed", parameters.get(1).name());
        assertEquals("backbone.patch_embed.projection.weight", parameters.get(2).name());
        assertNotEquals(parameters, graph.executionParameters());
        assertEquals(
                "backbone.patch_embed.projection.weight",
                graph.executionParameters().getFirst().name());
        Map<Object, Object> state = new LinkedHashMap<>();
        for (int j = 0; j < parameters.size(); j++) {
            Parameter p = parameters.get(j);
            state.put((long) j, Map.of("momentum_buffer", Tensor.of(p.shape(), values(p, j))));
        }
        List<Long> all = LongStream.range(0, parameters.size()).boxed().toList();
        Map<Object, Object> tree = Map.of("state", state, "param_groups", List.of(Map.of("lr", 0.1, "params", all)));
        try (ReferenceDevice device = new ReferenceDevice();
                Weights weights = device.allocate(graph)) {
            OptimizerState.read(tree, new Sgd(0.1, 0.9, 0, 0, false), weights);
            for (int j = 0; j < parameters.size(); j++) {
                Parameter p = parameters.get(j);
                assertArrayEquals(values(p, j), read(weights, Weights.Slot.OPTIM_0, p), p.name());
            }
        }
    }
}
