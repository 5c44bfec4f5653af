package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Layer;

/**
 * loss = lossWeight/N · Σₙ −Σₖ t'ₙₖ · log pₙₖ with p = softmax(x) and t' = scale · t + shift;
 * dxₙₖ = dloss · lossWeight/N · (pₙₖ · Σⱼ t'ₙⱼ − t'ₙₖ). Soft targets need not sum to 1.
 */
final class CrossEntropy implements Op {
    private final Layer.SoftmaxCrossEntropy layer;
    private final int batch;
    private final Variable logits; // (N, classes)
    private final Variable targets; // (N, classes), one-hot for class indices
    private final Variable loss; // ()

    CrossEntropy(Layer.SoftmaxCrossEntropy layer, int batch, Variable logits, Variable targets, Variable loss) {
        this.layer = layer;
        this.batch = batch;
        this.logits = logits;
        this.targets = targets;
        this.loss = loss;
    }

    @Override
    public void forward(Draw draw) {
        double sum = 0;
        for (int n = 0; n < batch; n++) {
            double logSum = logSumExp(n);
            for (int i = n * layer.classes(); i < (n + 1) * layer.classes(); i++) {
                sum -= target(i) * (logits.value[i] - logSum);
            }
        }
        loss.value[0] = layer.lossWeight() * sum / batch;
    }

    @Override
    public void backward() {
        if (logits.gradient == null || loss.gradient == null) {
            return;
        }
        double scale = loss.gradient[0] * layer.lossWeight() / batch;
        for (int n = 0; n < batch; n++) {
            double logSum = logSumExp(n);
            double total = 0; // Σⱼ t'
            for (int i = n * layer.classes(); i < (n + 1) * layer.classes(); i++) {
                total += target(i);
            }
            for (int i = n * layer.classes(); i < (n + 1) * layer.classes(); i++) {
                double p = Math.exp(logits.value[i] - logSum);
                logits.gradient[i] += scale * (p * total - target(i));
            }
        }
    }

    private double target(int i) {
        return targets.value[i] * layer.smoothing().scale() + layer.smoothing().shift();
    }

    /** log Σₖ exp(x), with the largest x taken out so that nothing overflows. */
    private double logSumExp(int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = n * layer.classes(); i < (n + 1) * layer.classes(); i++) {
            max = Math.max(max, logits.value[i]);
        }
        double sum = 0;
        for (int i = n * layer.classes(); i < (n + 1) * layer.classes(); i++) {
            sum += Math.exp(logits.value[i] - max);
        }
        return max + Math.log(sum);
    }
}
