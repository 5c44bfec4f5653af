package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Layer;

/**
 * {@link Layer.ResidualAttention}. With q = softmax(T·s) and a = Σ q·s: ds = dy · (1/(H·W) + lam · q · (1 + T · (s − a))), or
 * lam where s is the largest instead of the second term; dx = Σₖ ds · wₖ/‖wₖ‖; dwₖ = (Σ ds · x − wₖ · Σ ds · s/‖wₖ‖)/‖wₖ‖.
 */
final class ClassAttention implements Op {
    private final Layer.ResidualAttention layer;
    private final int batch;
    private final Variable x; // (N, C, H, W)
    private final Variable weight; // (K, C)
    private final Variable y; // (N, K)
    private final double[] norms; // (K), saved: ‖wₖ‖
    private final double[] scores; // (N, K, H·W), saved: s
    private final int plane; // H·W

    ClassAttention(Layer.ResidualAttention layer, int batch, Variable x, Variable weight, Variable y) {
        this.layer = layer;
        this.batch = batch;
        this.x = x;
        this.weight = weight;
        this.y = y;
        plane = x.value.length / batch / layer.inC();
        norms = new double[layer.classes()];
        scores = new double[batch * layer.classes() * plane];
    }

    @Override
    public void forward(Draw draw) {
        for (int k = 0; k < norms.length; k++) {
            double squares = 0;
            for (int c = 0; c < layer.inC(); c++) {
                squares += weight(k, c) * weight(k, c);
            }
            norms[k] = Math.sqrt(squares);
        }
        for (int n = 0; n < batch; n++) {
            for (int k = 0; k < norms.length; k++) {
                int row = (n * norms.length + k) * plane;
                double sum = 0;
                for (int i = 0; i < plane; i++) {
                    double dot = 0;
                    for (int c = 0; c < layer.inC(); c++) {
                        dot += x.value[xAt(n, c, i)] * weight(k, c);
                    }
                    scores[row + i] = dot / norms[k];
                    sum += scores[row + i];
                }
                y.value[n * norms.length + k] = sum / plane + layer.lam() * attended(row);
            }
        }
    }

    @Override
    public void backward() {
        if (y.gradient == null) {
            return;
        }
        for (int n = 0; n < batch; n++) {
            for (int k = 0; k < norms.length; k++) {
                int row = (n * norms.length + k) * plane;
                double attended = attended(row);
                double[] shares = shares(row);
                double dy = y.gradient[n * norms.length + k];
                for (int i = 0; i < plane; i++) {
                    double slope = Double.isInfinite(layer.temperature())
                            ? shares[i]
                            : shares[i] * (1 + layer.temperature() * (scores[row + i] - attended));
                    backward(n, k, i, dy * (1.0 / plane + layer.lam() * slope) / norms[k], scores[row + i]);
                }
            }
        }
    }

    /** @param g the gradient of x·wₖ */
    private void backward(int n, int k, int i, double g, double score) {
        for (int c = 0; c < layer.inC(); c++) {
            if (x.gradient != null) {
                x.gradient[xAt(n, c, i)] += g * weight(k, c);
            }
            if (weight.gradient != null) {
                weight.gradient[k * layer.inC() + c] += g * (x.value[xAt(n, c, i)] - score * weight(k, c) / norms[k]);
            }
        }
    }

    private double attended(int row) {
        double[] shares = shares(row);
        double sum = 0;
        for (int i = 0; i < plane; i++) {
            sum += shares[i] * scores[row + i];
        }
        return sum;
    }

    /** softmax(T·s), or 1 for the first of the largest. */
    private double[] shares(int row) {
        int largest = 0;
        for (int i = 1; i < plane; i++) {
            largest = scores[row + i] > scores[row + largest] ? i : largest;
        }
        double[] shares = new double[plane];
        if (Double.isInfinite(layer.temperature())) {
            shares[largest] = 1;
            return shares;
        }
        double sum = 0;
        for (int i = 0; i < plane; i++) {
            shares[i] = Math.exp(layer.temperature() * (scores[row + i] - scores[row + largest]));
            sum += shares[i];
        }
        for (int i = 0; i < plane; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    private double weight(int k, int c) {
        return weight.value[k * layer.inC() + c];
    }

    private int xAt(int n, int c, int i) {
        return (n * layer.inC() + c) * plane + i;
    }
}
