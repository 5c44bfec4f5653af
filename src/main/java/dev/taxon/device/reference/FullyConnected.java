package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Layer;
import org.jspecify.annotations.Nullable;

/** y[n, o] = b[o] + Σᵢ weight[o, i] · x[n, i], for each row n: a sample, or a token of one. */
final class FullyConnected implements Op {
    private final Layer.Linear layer;
    private final int rows;
    private final Variable x; // (rows, in)
    private final Variable weight; // (out, in)
    private final @Nullable Variable bias; // (out)
    private final Variable y; // (rows, out)

    FullyConnected(Layer.Linear layer, int rows, Variable x, Variable weight, @Nullable Variable bias, Variable y) {
        this.layer = layer;
        this.rows = rows;
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        this.y = y;
    }

    @Override
    public void forward(Draw draw) {
        for (int n = 0; n < rows; n++) {
            for (int o = 0; o < layer.out(); o++) {
                double sum = bias == null ? 0 : bias.value[o];
                for (int i = 0; i < layer.in(); i++) {
                    sum += weight.value[o * layer.in() + i] * x.value[n * layer.in() + i];
                }
                y.value[n * layer.out() + o] = sum;
            }
        }
    }

    @Override
    public void backward() {
        if (y.gradient == null) {
            return;
        }
        for (int n = 0; n < rows; n++) {
            for (int o = 0; o < layer.out(); o++) {
                double dy = y.gradient[n * layer.out() + o];
                int wRow = o * layer.in();
                int xRow = n * layer.in();
                for (int i = 0; x.gradient != null && i < layer.in(); i++) {
                    x.gradient[xRow + i] += dy * weight.value[wRow + i];
                }
                for (int i = 0; weight.gradient != null && i < layer.in(); i++) {
                    weight.gradient[wRow + i] += dy * x.value[xRow + i];
                }
                if (bias != null && bias.gradient != null) {
                    bias.gradient[o] += dy;
                }
            }
        }
    }
}
