package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.LossLayer;
import java.util.List;

/** loss = f · Σₙₖ term(xₙₖ, tₙₖ, k) with f = lossWeight · reduction: a loss that takes each class for itself. */
final class ElementLoss implements Op {
    private final Term term;
    private final int classes;
    private final double factor;
    private final Variable logits; // (N, classes)
    private final Variable targets; // (N, classes), one-hot for class indices
    private final Variable loss; // ()

    /** The loss of one element, and its derivative by x. */
    interface Term {
        double value(double x, double t, int k);

        double slope(double x, double t, int k);
    }

    ElementLoss(LossLayer layer, Term term, int batch, Variable logits, Variable targets, Variable loss) {
        this.term = term;
        classes = layer.classes();
        factor = layer.lossWeight() * layer.reduction().factor(batch, classes);
        this.logits = logits;
        this.targets = targets;
        this.loss = loss;
    }

    @Override
    public void forward(Draw draw) {
        double sum = 0;
        for (int i = 0; i < logits.value.length; i++) {
            sum += term.value(logits.value[i], targets.value[i], i % classes);
        }
        loss.value[0] = factor * sum;
    }

    @Override
    public void backward() {
        if (logits.gradient == null || loss.gradient == null) {
            return;
        }
        for (int i = 0; i < logits.value.length; i++) {
            double slope = term.slope(logits.value[i], targets.value[i], i % classes);
            logits.gradient[i] += loss.gradient[0] * factor * slope;
        }
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** log(1 + eˣ) without overflow. */
    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** {@link LossLayer.BinaryCrossEntropy}. */
    record Binary(LossLayer.BinaryCrossEntropy layer) implements Term {
        @Override
        public double value(double x, double target, int k) {
            double t = smooth(target);
            return at(layer.classWeight(), k) * ((1 - t) * x + positive(t, k) * softplus(-x));
        }

        @Override
        public double slope(double x, double target, int k) {
            double t = smooth(target);
            return at(layer.classWeight(), k) * (1 - t - positive(t, k) * sigmoid(-x));
        }

        private double positive(double t, int k) {
            return 1 + (at(layer.posWeight(), k) - 1) * t;
        }

        private double smooth(double t) {
            return layer.smoothing() < 0 ? t : t > 0 ? 1 - layer.smoothing() : layer.smoothing();
        }

        private static double at(List<Double> weights, int k) {
            return weights.isEmpty() ? 1 : weights.get(k);
        }
    }

    /** {@link LossLayer.FocalLoss}. dm/dx = p(1 − p)(1 − 2t), dbce/dx = p − t. */
    record Focal(double gamma, double alpha) implements Term {
        @Override
        public double value(double x, double t, int k) {
            return weight(t) * Math.pow(miss(x, t), gamma) * entropy(x, t);
        }

        @Override
        public double slope(double x, double t, int k) {
            double p = sigmoid(x);
            double m = miss(x, t);
            double slope = Math.pow(m, gamma) * (p - t);
            if (gamma > 0 && m > 0) {
                slope += gamma * Math.pow(m, gamma - 1) * p * (1 - p) * (1 - 2 * t) * entropy(x, t);
            }
            return weight(t) * slope;
        }

        private double weight(double t) {
            return alpha * t + (1 - alpha) * (1 - t);
        }

        private static double miss(double x, double t) {
            return sigmoid(-x) * t + sigmoid(x) * (1 - t);
        }

        private static double entropy(double x, double t) {
            return (1 - t) * x + softplus(-x);
        }
    }
}
