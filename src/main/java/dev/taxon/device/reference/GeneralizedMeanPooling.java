package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Layer;

/**
 * y = m^(1/p) with m = Σ zᵖ/(H·W) and z = max(x, eps), or x. dm = dy · y/(p · m); dx = dm · p · z^(p−1)/(H·W) where x ≥ eps;
 * dp = dm · Σ zᵖ log z/(H·W) − dy · y · log m/p².
 */
final class GeneralizedMeanPooling implements Op {
    private final Layer.GeneralizedMeanPool layer;
    private final Variable x; // (N, C, H, W)
    private final Variable p; // (1)
    private final Variable y; // (N, C)
    private final double[] mean; // (N, C), saved: m
    private final int plane; // H·W

    GeneralizedMeanPooling(Layer.GeneralizedMeanPool layer, Variable x, Variable p, Variable y) {
        this.layer = layer;
        this.x = x;
        this.p = p;
        this.y = y;
        mean = new double[y.value.length];
        plane = x.value.length / y.value.length;
    }

    @Override
    public void forward(Draw draw) {
        for (int c = 0; c < mean.length; c++) {
            mean[c] = 0;
            for (int i = c * plane; i < (c + 1) * plane; i++) {
                mean[c] += Math.pow(clamped(i), p.value[0]) / plane;
            }
            y.value[c] = Math.pow(mean[c], 1 / p.value[0]);
        }
    }

    @Override
    public void backward() {
        if (y.gradient == null) {
            return;
        }
        double exponent = p.value[0];
        for (int c = 0; c < mean.length; c++) {
            double dm = y.gradient[c] * y.value[c] / (exponent * mean[c]);
            double logs = 0;
            for (int i = c * plane; i < (c + 1) * plane; i++) {
                double z = clamped(i);
                logs += z == 0 ? 0 : Math.pow(z, exponent) * Math.log(z) / plane;
                if (x.gradient != null && !(layer.clamp() && x.value[i] < layer.eps())) {
                    x.gradient[i] += dm * exponent * Math.pow(z, exponent - 1) / plane;
                }
            }
            if (p.gradient != null) {
                p.gradient[0] += dm * logs - y.gradient[c] * y.value[c] * Math.log(mean[c]) / (exponent * exponent);
            }
        }
    }

    private double clamped(int i) {
        return layer.clamp() ? Math.max(x.value[i], layer.eps()) : x.value[i];
    }
}
