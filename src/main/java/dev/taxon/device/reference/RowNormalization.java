package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Layer;

/**
 * Layer normalization of each row of C elements: x̂ = (x − mean)/√(var + eps), y = x̂ · weight + bias. With g = dy · weight,
 * dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(var + eps).
 */
final class RowNormalization implements Op {
    private final Layer.LayerNorm layer;
    private final Variable x; // (rows, C)
    private final Variable weight; // (C)
    private final Variable bias; // (C)
    private final Variable y; // (rows, C)
    private final double[] normalized; // (rows, C), saved
    private final double[] inverse; // (rows), saved: 1/√(var + eps)

    RowNormalization(Layer.LayerNorm layer, Variable x, Variable weight, Variable bias, Variable y) {
        this.layer = layer;
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        this.y = y;
        normalized = new double[x.value.length];
        inverse = new double[x.value.length / layer.channels()];
    }

    @Override
    public void forward(Draw draw) {
        int channels = layer.channels();
        for (int r = 0; r < inverse.length; r++) {
            int row = r * channels;
            double mean = 0;
            for (int c = 0; c < channels; c++) {
                mean += x.value[row + c] / channels;
            }
            double variance = 0;
            for (int c = 0; c < channels; c++) {
                double d = x.value[row + c] - mean;
                variance += d * d / channels;
            }
            inverse[r] = 1 / Math.sqrt(variance + layer.eps());
            for (int c = 0; c < channels; c++) {
                normalized[row + c] = (x.value[row + c] - mean) * inverse[r];
                y.value[row + c] = normalized[row + c] * weight.value[c] + bias.value[c];
            }
        }
    }

    @Override
    public void backward() {
        if (y.gradient == null) {
            return;
        }
        int channels = layer.channels();
        for (int r = 0; r < inverse.length; r++) {
            int row = r * channels;
            double sum = 0;
            double dot = 0;
            for (int c = 0; c < channels; c++) {
                double dy = y.gradient[row + c];
                sum += dy * weight.value[c];
                dot += dy * weight.value[c] * normalized[row + c];
                if (weight.gradient != null) {
                    weight.gradient[c] += dy * normalized[row + c];
                }
                if (bias.gradient != null) {
                    bias.gradient[c] += dy;
                }
            }
            for (int c = 0; x.gradient != null && c < channels; c++) {
                double g = y.gradient[row + c] * weight.value[c];
                x.gradient[row + c] += inverse[r] * (g - sum / channels - normalized[row + c] * dot / channels);
            }
        }
    }
}
