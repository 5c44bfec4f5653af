package dev.taxon.bench;

import dev.taxon.device.Weights;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.StateEntry;
import dev.taxon.tensor.Region;
import java.util.List;

/**
 * Weights without random numbers, so that another framework can hold the same: of the j-th entry of the state dict,
 * element i comes from v = sin(0.7·i + j). Norm weights are 1 + 0.2·v, running variances 1 + 0.5·v, convolution and
 * linear weights v·√(2 / fan-in), everything else 0.1·v.
 */
final class FormulaWeights {
    private FormulaWeights() {}

    static void fill(Weights weights) {
        List<StateEntry> state = weights.graph().state();
        for (int j = 0; j < state.size(); j++) {
            StateEntry entry = state.get(j);
            if (entry instanceof Buffer b && b.role() == Buffer.Role.NUM_BATCHES_TRACKED) {
                continue;
            }
            try (Region values = Region.ofFloats(entry.shape().numel())) {
                for (long i = 0; i < entry.shape().numel(); i++) {
                    values.set(i, (float) value(entry, Math.sin(0.7 * i + j)));
                }
                switch (entry) {
                    case Parameter p -> weights.write(Weights.Slot.VALUE, p, values.segment());
                    case Buffer b -> weights.write(b, values.segment());
                }
            }
        }
    }

    private static double value(StateEntry entry, double v) {
        String name = entry.name();
        boolean vector = entry.shape().rank() == 1;
        if (name.endsWith("running_var")) {
            return 1 + 0.5 * v;
        }
        if (vector && name.endsWith("weight")) {
            return 1 + 0.2 * v;
        }
        if (!vector) {
            double fanIn = (double) entry.shape().numel() / entry.shape().dim(0);
            return v * Math.sqrt(2 / fanIn);
        }
        return 0.1 * v;
    }
}
