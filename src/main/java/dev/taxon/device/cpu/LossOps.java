package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;

/**
 * The losses. Each gives its value and the gradient of the logits in one pass over them; the backward pass only hands
 * that gradient on.
 */
final class LossOps {
    private final Lowering l;
    private final Node node;
    private final long n;
    private final long classes;
    private final double factor;
    private final boolean soft;
    private final Block logits;
    private final Block targets; // (n) int32, or (n, classes) float32
    private final Block loss;
    private final Block diff; // (n, classes)
    private final Block rows; // (n) doubles

    private LossOps(Lowering l, Group group, LossLayer layer) {
        this.l = l;
        node = group.head();
        Node target = Objects.requireNonNull(l.graph.target());
        soft = ((Layer.Target) target.layer()).soft();
        n = l.batch();
        classes = layer.classes();
        factor = layer.lossWeight() * layer.reduction().factor(l.batch(), layer.classes());
        logits = l.value(node.inputs().get(0));
        targets = l.value(target);
        loss = l.timeline.bytes(Double.BYTES).pin();
        diff = l.timeline.floats(n * classes);
        rows = l.timeline.bytes(n * Double.BYTES);
        l.setValue(node, loss);
        l.save(group, diff, null);
    }

    static void forward(Lowering l, Group group, LossLayer layer) {
        LossOps ops = new LossOps(l, group, layer);
        switch (layer) {
            case LossLayer.SoftmaxCrossEntropy s -> ops.softmaxCrossEntropy(s);
            case LossLayer.BinaryCrossEntropy b -> ops.binaryCrossEntropy(b);
            case LossLayer.FocalLoss f -> ops.focal(f);
            case LossLayer.AsymmetricLoss a -> ops.asymmetric(a);
            case LossLayer.SeesawLoss s -> ops.seesaw(s);
        }
    }

    private void softmaxCrossEntropy(LossLayer.SoftmaxCrossEntropy layer) {
        long classWeight = constant(layer.classWeight());
        double scale = layer.smoothing().scale();
        double shift = layer.smoothing().shift();
        add("taxon:softmax_cross_entropy", s -> (int) LossFunctions.SOFTMAX_CROSS_ENTROPY.invokeExact(
                loss.address(),
                diff.address(),
                logits.address(),
                labels(),
                rowsOfTargets(),
                classWeight,
                rows.address(),
                n,
                classes,
                scale,
                shift,
                factor));
    }

    private void binaryCrossEntropy(LossLayer.BinaryCrossEntropy layer) {
        long classWeight = constant(layer.classWeight());
        long posWeight = constant(layer.posWeight());
        double smoothing = layer.smoothing();
        add("taxon:binary_cross_entropy", s -> (int) LossFunctions.BINARY_CROSS_ENTROPY.invokeExact(
                loss.address(),
                diff.address(),
                logits.address(),
                labels(),
                rowsOfTargets(),
                classWeight,
                posWeight,
                rows.address(),
                n,
                classes,
                smoothing,
                factor));
    }

    private void focal(LossLayer.FocalLoss layer) {
        double gamma = layer.gamma();
        double alpha = layer.alpha();
        add("taxon:focal_loss", s -> (int) LossFunctions.FOCAL_LOSS.invokeExact(
                loss.address(),
                diff.address(),
                logits.address(),
                labels(),
                rowsOfTargets(),
                rows.address(),
                n,
                classes,
                gamma,
                alpha,
                factor));
    }

    private void asymmetric(LossLayer.AsymmetricLoss layer) {
        double gammaPos = layer.gammaPos();
        double gammaNeg = layer.gammaNeg();
        double clip = layer.clip();
        double eps = layer.eps();
        int sigmoid = layer.sigmoid() ? 1 : 0;
        add("taxon:asymmetric_loss", s -> (int) LossFunctions.ASYMMETRIC_LOSS.invokeExact(
                loss.address(),
                diff.address(),
                logits.address(),
                labels(),
                rowsOfTargets(),
                rows.address(),
                n,
                classes,
                gammaPos,
                gammaNeg,
                clip,
                eps,
                sigmoid,
                factor));
    }

    private void seesaw(LossLayer.SeesawLoss layer) {
        long cumSamples = l.address(node, Buffer.Role.CUM_SAMPLES);
        double p = layer.p();
        double q = layer.q();
        double eps = layer.eps();
        add("taxon:seesaw_loss", s -> (int) LossFunctions.SEESAW_LOSS.invokeExact(
                loss.address(),
                diff.address(),
                cumSamples,
                logits.address(),
                targets.address(),
                rows.address(),
                n,
                classes,
                p,
                q,
                eps,
                factor));
    }

    private void add(String kernel, Op op) {
        l.timeline.add(node.name(), Pass.FORWARD, kernel, op, loss, diff, logits, targets, rows);
    }

    private long labels() {
        return soft ? 0 : targets.address();
    }

    private long rowsOfTargets() {
        return soft ? targets.address() : 0;
    }

    /** Address of doubles that live as long as the program; 0 for none. */
    private long constant(List<Double> values) {
        double[] array = values.stream().mapToDouble(v -> v).toArray();
        return array.length == 0
                ? 0
                : l.constants.allocateFrom(ValueLayout.JAVA_DOUBLE, array).address();
    }
}
