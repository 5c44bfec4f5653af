package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.LossLayer;

/**
 * loss = f · Σₙ −Σₖ t'ₙₖ · log pₙₖ with f = lossWeight · reduction, p = softmax(x) and t' = wₖ · (scale · t + shift);
 * dxₙₖ = dloss · f · (pₙₖ · Σⱼ t'ₙⱼ − t'ₙₖ). Soft targets need not sum to 1.
 */
final class CrossEntropy implements Op {
    private final LossLayer.SoftmaxCrossEntropy layer;
    private final int batch;
    private final Variable logits; // (N, classes)
    private final Variable targets; // (N, classes), one-hot for class indices
    private final Variable loss; // ()

    CrossEntropy(LossLayer.SoftmaxCrossEntropy layer, int batch, Variable logits, Variable targets, Variable loss) {
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
        loss.value[0] = factor() * sum;
    }

    @Override
    public void backward() {
        if (logits.gradient == null || loss.gradient == null) {
            return;
        }
        double scale = loss.gradient[0] * factor();
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
        double weight = layer.classWeight().isEmpty() ? 1 : layer.classWeight().get(i % layer.classes());
        return weight
                * (targets.value[i] * layer.smoothing().scale()
                        + layer.smoothing().shift());
    }

    private double factor() {
        return layer.lossWeight() * layer.reduction().factor(batch, layer.classes());
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
