package dev.taxon.train;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.device.Weights;
import dev.taxon.graph.Parameter;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gradients that wait for those of later iterations (cumulative_iters), in a checkpoint's {@code taxon.gradients}: a run that
 * stops between two steps goes on exactly.
 */
public final class PendingGradients {
    private static final String KEY = "gradients";

    private PendingGradients() {}

    /**
     * Adds them, by parameter name, if there are any.
     *
     * @param alone whether this is the only rank; with several, each has others, and they are lost
     */
    public static void save(
            Optimization optimization, Weights weights, boolean alone, Map<String, Object> taxon, Arena arena) {
        if (!optimization.pending() || !alone) {
            return;
        }
        Map<String, Object> gradients = new LinkedHashMap<>();
        for (Parameter p : weights.graph().parameters()) {
            if (p.trainable()) {
                MemorySegment data = arena.allocate(p.shape().numel() * Float.BYTES, Float.BYTES);
                weights.read(Weights.Slot.GRADIENT, p, data);
                gradients.put(p.name(), new Tensor(DType.FLOAT32, p.shape(), data));
            }
        }
        taxon.put(KEY, gradients);
    }

    static void restore(Optimization optimization, Weights weights, Checkpoint checkpoint) {
        if (!(checkpoint.taxon().get(KEY) instanceof Map<?, ?> gradients)) {
            return;
        }
        for (Parameter p : weights.graph().parameters()) {
            if (gradients.get(p.name()) instanceof Tensor tensor
                    && tensor.shape().equals(p.shape())) {
                weights.write(Weights.Slot.GRADIENT, p, tensor.toFloat32().data());
            }
        }
        optimization.pending(true);
    }
}
