package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Region;

/** {@link LossLayer.SeesawLoss}: dx = softmax(x + log s) − t, times dloss · lossWeight · reduction. */
final class Seesaw implements Op {
    private final LossLayer.SeesawLoss layer;
    private final double factor;
    private final Variable logits; // (N, classes)
    private final Variable targets; // (N, classes), one-hot
    private final Variable loss; // ()
    private final Region buffers;
    private final long samplesAt; // c (classes), in buffers
    private final double[] sigma; // (N, classes): softmax(x), then softmax(x + log s)

    Seesaw(
            LossLayer.SeesawLoss layer,
            int batch,
            Node node,
            ReferenceWeights weights,
            Variable logits,
            Variable targets,
            Variable loss) {
        this.layer = layer;
        factor = layer.lossWeight() * layer.reduction().factor(batch, layer.classes());
        this.logits = logits;
        this.targets = targets;
        this.loss = loss;
        buffers = weights.buffers();
        Buffer samples = node.buffers().getFirst();
        samplesAt = weights.table().slice(samples).offset();
        sigma = new double[logits.value.length];
    }

    @Override
    public void forward(Draw draw) {
        for (int i = 0; i < targets.value.length; i++) {
            long at = samplesAt + i % layer.classes();
            buffers.set(at, (float) (buffers.get(at) + targets.value[i]));
        }
        double[] shifted = new double[layer.classes()]; // x + log s of one sample
        double sum = 0;
        for (int from = 0; from < sigma.length; from += layer.classes()) {
            Softmax.row(logits.value, from, layer.classes(), sigma);
            int own = own(from);
            for (int k = 0; k < layer.classes(); k++) {
                shifted[k] = logits.value[from + k] + (k == own ? 0 : logWeight(from, own, k));
            }
            double[] row = new double[layer.classes()];
            Softmax.row(shifted, 0, layer.classes(), row);
            System.arraycopy(row, 0, sigma, from, row.length);
            sum -= logSoftmax(shifted, own);
        }
        loss.value[0] = factor * sum;
    }

    @Override
    public void backward() {
        if (logits.gradient == null || loss.gradient == null) {
            return;
        }
        for (int i = 0; i < sigma.length; i++) {
            logits.gradient[i] += loss.gradient[0] * factor * (sigma[i] - targets.value[i]);
        }
    }

    /** The class of the sample whose row begins at {@code from}. */
    private int own(int from) {
        int own = 0;
        while (targets.value[from + own] == 0) {
            own++;
        }
        return own;
    }

    /** log sₖ */
    private double logWeight(int from, int own, int k) {
        double samples = Math.max(1, buffers.get(samplesAt + k)) / Math.max(1, buffers.get(samplesAt + own));
        double scores = sigma[from + k] / Math.max(sigma[from + own], layer.eps());
        return layer.p() * Math.min(0, Math.log(samples)) + layer.q() * Math.max(0, Math.log(scores));
    }

    private static double logSoftmax(double[] x, int k) {
        double max = Double.NEGATIVE_INFINITY;
        for (double v : x) {
            max = Math.max(max, v);
        }
        double sum = 0;
        for (double v : x) {
            sum += Math.exp(v - max);
        }
        return x[k] - max - Math.log(sum);
    }
}
