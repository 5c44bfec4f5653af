package dev.taxon.device.reference;

import dev.taxon.device.HostWeights;
import dev.taxon.device.RegionTable;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import dev.taxon.tensor.Region;
import java.util.List;

/** Host weights with the optimizer's arithmetic in float32, one rounding an operation. */
final class ReferenceWeights extends HostWeights {
    ReferenceWeights(Graph graph) {
        super(graph);
    }

    @Override
    public void update(List<Update> updates) {
        for (Update u : updates) {
            switch (u.rule()) {
                case UpdateRule.Sgd sgd -> {
                    for (long i = u.offset(); i < u.offset() + u.length(); i++) {
                        step(sgd, i);
                    }
                }
            }
        }
    }

    private void step(UpdateRule.Sgd sgd, long i) {
        Region values = region(Slot.VALUE);
        float w = values.get(i);
        float d = region(Slot.GRADIENT).get(i);
        if (sgd.weightDecay() != 0) {
            d = d + sgd.weightDecay() * w;
        }
        if (sgd.momentum() != 0) {
            Region slot = region(Slot.OPTIM_0);
            float buf = sgd.first() ? d : sgd.momentum() * slot.get(i) + (1 - sgd.dampening()) * d;
            slot.set(i, buf);
            d = sgd.nesterov() ? d + sgd.momentum() * buf : buf;
        }
        values.set(i, w - sgd.lr() * d);
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
}
