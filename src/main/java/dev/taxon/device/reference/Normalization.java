package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Layer;

/**
 * y = x̂ · weight + bias with x̂ = (x − mean) / √(var + eps), channel by channel. With batch statistics mean and var
 * depend on x, and with m = N·H·W: dx = weight / √(var + eps) · (dy − Σdy/m − x̂ · Σ(dy·x̂)/m). With running statistics
 * they are constants: dx = weight / √(var + eps) · dy. Source: Ioffe and Szegedy 2015.
 */
final class Normalization implements Op {
    private final Layer.BatchNorm2d layer;
    private final boolean ofBatch;
    private final int batch;
    private final int plane; // H·W
    private final Variable x; // (N, C, H, W)
    private final Variable weight; // (C)
    private final Variable bias; // (C)
    private final Variable y; // (N, C, H, W)
    private final RunningStatistics running;
    private final double[] mean; // (C), as forward used it
    private final double[] inverseStd; // (C)

    Normalization(
            Layer.BatchNorm2d layer,
            boolean training,
            int batch,
            Variable x,
            Variable weight,
            Variable bias,
            Variable y,
            RunningStatistics running) {
        this.layer = layer;
        ofBatch = training && !layer.useRunningStats();
        this.batch = batch;
        plane = x.value.length / (batch * layer.channels());
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        this.y = y;
        this.running = running;
        mean = new double[layer.channels()];
        inverseStd = new double[layer.channels()];
    }

    @Override
    public void forward(Draw draw) {
        for (int c = 0; c < layer.channels(); c++) {
            mean[c] = ofBatch ? batchMean(c) : running.mean(c);
            double variance = ofBatch ? batchVariance(c) : running.variance(c);
            inverseStd[c] = 1 / Math.sqrt(variance + layer.eps());
            for (int n = 0; n < batch; n++) {
                for (int i = start(n, c); i < start(n, c) + plane; i++) {
                    y.value[i] = normalized(i, c) * weight.value[c] + bias.value[c];
                }
            }
            if (ofBatch) {
                double m = count();
                running.update(c, layer.bnMomentum(), mean[c], variance * m / (m - 1));
            }
        }
        if (ofBatch) {
            running.countStep();
        }
    }

    @Override
    public void backward() {
        double[] dy = y.gradient;
        if (dy == null) {
            return;
        }
        for (int c = 0; c < layer.channels(); c++) {
            double sum = 0; // Σdy
            double dot = 0; // Σ(dy·x̂)
            for (int n = 0; n < batch; n++) {
                for (int i = start(n, c); i < start(n, c) + plane; i++) {
                    sum += dy[i];
                    dot += dy[i] * normalized(i, c);
                }
            }
            if (weight.gradient != null && bias.gradient != null) {
                weight.gradient[c] += dot;
                bias.gradient[c] += sum;
            }
            if (x.gradient != null) {
                double scale = weight.value[c] * inverseStd[c];
                for (int n = 0; n < batch; n++) {
                    for (int i = start(n, c); i < start(n, c) + plane; i++) {
                        double viaStatistics = ofBatch ? (sum + normalized(i, c) * dot) / count() : 0;
                        x.gradient[i] += scale * (dy[i] - viaStatistics);
                    }
                }
            }
        }
    }

    private double normalized(int i, int c) {
        return (x.value[i] - mean[c]) * inverseStd[c];
    }

    private double batchMean(int c) {
        double sum = 0;
        for (int n = 0; n < batch; n++) {
            for (int i = start(n, c); i < start(n, c) + plane; i++) {
                sum += x.value[i];
            }
        }
        return sum / count();
    }

    /** Biased: divided by m. Needs {@link #mean}. */
    private double batchVariance(int c) {
        double sum = 0;
        for (int n = 0; n < batch; n++) {
            for (int i = start(n, c); i < start(n, c) + plane; i++) {
                sum += (x.value[i] - mean[c]) * (x.value[i] - mean[c]);
            }
        }
        return sum / count();
    }

    /** m: how many values share one mean. */
    private double count() {
        return (double) batch * plane;
    }

    private int start(int n, int c) {
        return (n * layer.channels() + c) * plane;
    }
}
