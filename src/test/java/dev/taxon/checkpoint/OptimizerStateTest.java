package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.device.Weights;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Method;
import dev.taxon.optim.Sgd;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OptimizerStateTest {
    private static final Graph GRAPH = SmallNet.graph(2); // conv1.weight, bn1.weight, bn1.bias, fc.weight, fc.bias

    private static final Method SGD = new Sgd(0.1, 0.9, 0, 1e-4, false);

    private static Map<Object, Object> group(List<Long> params) {
        return new TreeMap<>(
                Map.of("lr", 0.01, "initial_lr", 0.1, "momentum", 0.9, "weight_decay", 1e-4, "params", params));
    }

    private static Map<Object, Object> momentum(float... values) {
        return Map.of("momentum_buffer", Tensor.of(Shape.of(values.length), values));
    }

    private static float[] slot(Weights weights, int parameter) {
        Parameter p = GRAPH.parameters().get(parameter);
        float[] values = new float[Math.toIntExact(p.shape().numel())];
        weights.read(Weights.Slot.OPTIM_0, p, MemorySegment.ofArray(values));
        return values;
    }

    @Test
    void indicesCountParametersInRegistrationOrder() {
        try (Weights weights = new ReferenceDevice().allocate(GRAPH)) {
            Map<Object, Object> none = new LinkedHashMap<>();
            none.put("momentum_buffer", null);
            Map<Object, Object> tree = Map.of(
                    "state", Map.of(1L, momentum(1, 2, 3), 4L, momentum(4, 5), 2L, none),
                    "param_groups", List.of(group(List.of(0L, 1L, 2L, 3L, 4L))));
            OptimizerState state = OptimizerState.read(tree, SGD, weights);
            assertEquals(
                    Set.of("backbone.bn1.weight", "head.fc.bias"),
                    state.started().keySet());
            assertEquals(List.of(0, 1, 2, 3, 4), state.groups().getFirst().params());
            assertEquals(0.1, state.groups().getFirst().fields().get("initial_lr"));
            assertArrayEquals(new float[] {1, 2, 3}, slot(weights, 1));
            assertArrayEquals(new float[] {4, 5}, slot(weights, 4));
        }
    }

    /** Saved ids are places in the flattened groups, whatever their numbers. */
    @Test
    void oneGroupAParameter() {
        try (Weights weights = new ReferenceDevice().allocate(GRAPH)) {
            Map<Object, Object> tree = Map.of(
                    "state", Map.of(14L, momentum(4, 5)),
                    "param_groups",
                            List.of(10L, 11L, 12L, 13L, 14L).stream()
                                    .map(id -> group(List.of(id)))
                                    .toList());
            OptimizerState state = OptimizerState.read(tree, SGD, weights);
            assertEquals(List.of(4), state.groups().get(4).params());
            assertArrayEquals(new float[] {4, 5}, slot(weights, 4));
        }
    }

    @Test
    void writesWhatItReads() {
        try (Weights weights = new ReferenceDevice().allocate(GRAPH);
                Weights other = new ReferenceDevice().allocate(GRAPH);
                Arena arena = Arena.ofConfined()) {
            Map<Object, Object> tree = Map.of(
                    "state", Map.of(1L, momentum(1, 2, 3), 4L, momentum(4, 5)),
                    "param_groups", List.of(group(List.of(0L, 1L, 2L, 3L, 4L))));
            OptimizerState state = OptimizerState.read(tree, SGD, weights);
            OptimizerState again = OptimizerState.read(state.toTree(SGD, weights, arena), SGD, other);
            assertEquals(state, again);
            assertArrayEquals(slot(weights, 1), slot(other, 1));
        }
    }

    @Test
    void otherModelsAndOptimizersAreOneSentence() {
        try (Weights weights = new ReferenceDevice().allocate(GRAPH)) {
            assertRefused(weights, Map.of(), List.of(0L, 1L), "has 2 parameters and the model has 5");
            List<Long> all = List.of(0L, 1L, 2L, 3L, 4L);
            assertRefused(
                    weights,
                    Map.of(0L, momentum(1, 2)),
                    all,
                    "momentum_buffer of backbone.conv1.weight has shape (2,)");
            assertRefused(
                    weights,
                    Map.of(0L, Map.of("exp_avg", Tensor.ofLong(1), "step", 3L)),
                    all,
                    "SGD of the config needs [momentum_buffer]");
            assertThrows(UserError.class, () -> OptimizerState.read(Map.of(), SGD, weights));
        }
    }

    private static void assertRefused(Weights weights, Map<?, ?> state, List<Long> params, String because) {
        Map<Object, Object> tree = Map.of("state", state, "param_groups", List.of(group(params)));
        UserError error = assertThrows(UserError.class, () -> OptimizerState.read(tree, SGD, weights));
        assertTrue(error.getMessage().contains(because), error.getMessage());
    }
}
