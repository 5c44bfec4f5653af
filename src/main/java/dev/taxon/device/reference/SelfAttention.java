package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Layer;
import java.util.Arrays;

/**
 * y = (mask ∘ P) v with P = softmax(q kᵀ/√d), head by head. Backward: dv = (mask ∘ P)ᵀ dy, dP = mask ∘ (dy vᵀ), and through
 * the softmax dS = P ∘ (dP − rows' sums of dP ∘ P), dq = dS k/√d, dk = dSᵀ q/√d.
 */
final class SelfAttention implements Op {
    private final Layer.Attention layer;
    private final int batch;
    private final int node;
    private final boolean drops;
    private final Variable x; // (N, L, 3·C)
    private final Variable y; // (N, L, C)
    private final int tokens;
    private final double[] probabilities; // (N, heads, L, L), saved
    private final double[] mask; // of the same size

    SelfAttention(Layer.Attention layer, int batch, int node, boolean drops, Variable x, Variable y) {
        this.layer = layer;
        this.batch = batch;
        this.node = node;
        this.drops = drops;
        this.x = x;
        this.y = y;
        tokens = y.value.length / batch / layer.channels();
        probabilities = new double[batch * layer.heads() * tokens * tokens];
        mask = new double[probabilities.length];
    }

    @Override
    public void forward(Draw draw) {
        if (drops) {
            ElementWise.fillMask(mask, layer.dropout(), node, draw);
        } else {
            Arrays.fill(mask, 1);
        }
        for (int n = 0; n < batch; n++) {
            for (int h = 0; h < layer.heads(); h++) {
                for (int i = 0; i < tokens; i++) {
                    softmaxRow(n, h, i);
                    for (int j = 0; j < tokens; j++) {
                        double p = probabilities[pair(n, h, i, j)] * mask[pair(n, h, i, j)];
                        for (int c = 0; c < layer.headSize(); c++) {
                            y.value[output(n, h, i) + c] += p * x.value[value(n, h, j) + c];
                        }
                    }
                }
            }
        }
    }

    private void softmaxRow(int n, int h, int i) {
        Arrays.fill(y.value, output(n, h, i), output(n, h, i) + layer.headSize(), 0);
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < tokens; j++) {
            double score = 0;
            for (int c = 0; c < layer.headSize(); c++) {
                score += x.value[query(n, h, i) + c] * x.value[key(n, h, j) + c];
            }
            probabilities[pair(n, h, i, j)] = score * scale();
            largest = Math.max(largest, score * scale());
        }
        double sum = 0;
        for (int j = 0; j < tokens; j++) {
            double e = Math.exp(probabilities[pair(n, h, i, j)] - largest);
            probabilities[pair(n, h, i, j)] = e;
            sum += e;
        }
        for (int j = 0; j < tokens; j++) {
            probabilities[pair(n, h, i, j)] /= sum;
        }
    }

    @Override
    public void backward() {
        if (x.gradient == null || y.gradient == null) {
            return;
        }
        double[] dp = new double[tokens];
        for (int n = 0; n < batch; n++) {
            for (int h = 0; h < layer.heads(); h++) {
                for (int i = 0; i < tokens; i++) {
                    backwardRow(x.gradient, y.gradient, dp, n, h, i);
                }
            }
        }
    }

    private void backwardRow(double[] dx, double[] dy, double[] dp, int n, int h, int i) {
        double dot = 0;
        for (int j = 0; j < tokens; j++) {
            int at = pair(n, h, i, j);
            dp[j] = 0;
            for (int c = 0; c < layer.headSize(); c++) {
                double g = dy[output(n, h, i) + c] * mask[at];
                dp[j] += g * x.value[value(n, h, j) + c];
                dx[value(n, h, j) + c] += g * probabilities[at];
            }
            dot += dp[j] * probabilities[at];
        }
        for (int j = 0; j < tokens; j++) {
            double ds = probabilities[pair(n, h, i, j)] * (dp[j] - dot) * scale();
            for (int c = 0; c < layer.headSize(); c++) {
                dx[query(n, h, i) + c] += ds * x.value[key(n, h, j) + c];
                dx[key(n, h, j) + c] += ds * x.value[query(n, h, i) + c];
            }
        }
    }

    private double scale() {
        return 1 / Math.sqrt(layer.headSize());
    }

    private int pair(int n, int h, int i, int j) {
        return ((n * layer.heads() + h) * tokens + i) * tokens + j;
    }

    private int query(int n, int h, int i) {
        return (n * tokens + i) * 3 * layer.channels() + h * layer.headSize();
    }

    private int key(int n, int h, int j) {
        return query(n, h, j) + layer.channels();
    }

    private int value(int n, int h, int j) {
        return query(n, h, j) + 2 * layer.channels();
    }

    private int output(int n, int h, int i) {
        return (n * tokens + i) * layer.channels() + h * layer.headSize();
    }
}
