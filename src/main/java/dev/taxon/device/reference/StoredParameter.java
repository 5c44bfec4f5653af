package dev.taxon.device.reference;

import dev.taxon.device.HostWeights;
import dev.taxon.device.RegionTable;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Parameter;
import dev.taxon.tensor.Region;

/** A parameter's double variable, and its float32 place in the value and gradient regions. */
final class StoredParameter {
    private final HostWeights weights;
    private final RegionTable.Slice slice;
    private final Variable variable;

    StoredParameter(HostWeights weights, Parameter parameter, boolean differentiated) {
        this.weights = weights;
        slice = weights.table().slice(parameter);
        variable = new Variable(slice.length(), differentiated);
    }

    Variable variable() {
        return variable;
    }

    /** First element in the regions. */
    long offset() {
        return slice.offset();
    }

    /** Reads the current float32 value. */
    void load() {
        Variable.load(weights.region(Slot.VALUE).floats(slice.offset(), slice.length()), variable.value);
    }

    /** Writes or adds the gradient, rounding once. */
    void storeGradient(boolean accumulate) {
        double[] gradient = variable.gradient;
        if (gradient == null) {
            return;
        }
        Region region = weights.region(Slot.GRADIENT);
        for (int i = 0; i < gradient.length; i++) {
            long at = slice.offset() + i;
            region.set(at, (float) (accumulate ? region.get(at) + gradient[i] : gradient[i]));
        }
    }
}
