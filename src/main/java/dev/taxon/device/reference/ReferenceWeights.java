package dev.taxon.device.reference;

import dev.taxon.device.HostWeights;
import dev.taxon.device.RegionTable;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Update;
import dev.taxon.tensor.Region;
import java.util.List;

/** Host weights with the optimizer's arithmetic in float32, one rounding an operation. */
final class ReferenceWeights extends HostWeights {
    ReferenceWeights(Graph graph) {
        super(graph);
    }

    @Override
    public void update(List<Update> updates) {
        updates.forEach(u -> OptimizerStep.run(this, u));
    }

    @Override
    public double gradientNorm(double p) {
        double norm = 0;
        for (Parameter parameter : graph().parameters()) {
            if (!parameter.trainable()) {
                continue;
            }
            RegionTable.Slice slice = table().slice(parameter);
            for (long i = slice.offset(); i < slice.offset() + slice.length(); i++) {
                double g = Math.abs(region(Slot.GRADIENT).get(i));
                norm = Double.isInfinite(p) ? Math.max(norm, g) : norm + Math.pow(g, p);
            }
        }
        return Double.isInfinite(p) ? norm : Math.pow(norm, 1 / p);
    }

    @Override
    public void scaleGradients(float factor) {
        Region gradients = region(Slot.GRADIENT);
        for (long i = 0; i < table().parameterFloats(); i++) {
            gradients.set(i, gradients.get(i) * factor);
        }
    }

    @Override
    public void limitGradients(float limit) {
        Region gradients = region(Slot.GRADIENT);
        for (long i = 0; i < table().parameterFloats(); i++) {
            gradients.set(i, Math.min(limit, Math.max(-limit, gradients.get(i))));
        }
    }

    @Override
    public void average(Slot average, double momentum) {
        Region averages = region(average);
        Region values = region(Slot.VALUE);
        float keep = (float) (1 - momentum);
        for (long i = 0; i < table().parameterFloats(); i++) {
            averages.set(i, Math.fma((float) momentum, values.get(i), averages.get(i) * keep));
        }
    }

    @Override
    public void exchange(Slot other) {
        Region others = region(other);
        Region values = region(Slot.VALUE);
        for (long i = 0; i < table().parameterFloats(); i++) {
            float value = values.get(i);
            values.set(i, others.get(i));
            others.set(i, value);
        }
    }
}
