package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The losses. Each gives what every sample loses and the gradient of the logits in one pass over them; the backward pass
 * only hands that gradient on.
 */
final class LossOps {
    private static final String FILE = "loss";

    private final Lowering l;
    private final Gpu gpu;
    private final Node node;
    private final long n;
    private final long classes;
    private final double factor;
    private final boolean soft;
    private final Block logits; // (n, classes)
    private final Block targets; // (n) int32, or (n, classes) float32
    private final Block loss; // a double
    private final Block diff; // (n, classes)
    private final Block rows; // (n) doubles
    private final Grid grid;

    private LossOps(Lowering l, Node node, LossLayer layer) {
        this.l = l;
        this.node = node;
        gpu = l.gpu;
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
        grid = Grid.warps(n);
        l.setValue(node, loss);
        l.save(node, diff);
    }

    static void forward(Lowering l, Node node, LossLayer layer) {
        LossOps ops = new LossOps(l, node, layer);
        switch (layer) {
            case LossLayer.SoftmaxCrossEntropy s -> ops.softmaxCrossEntropy(s);
            case LossLayer.BinaryCrossEntropy b -> ops.binaryCrossEntropy(b);
            case LossLayer.FocalLoss f -> ops.focal(f);
            case LossLayer.AsymmetricLoss a -> ops.asymmetric(a);
            case LossLayer.SeesawLoss s -> ops.seesaw(s);
        }
        ops.total();
    }

    static void backward(Lowering l, BackwardLowering backward, Node node) {
        Block diff = l.saved(node, 0);
        CudaLossScaler scaler = l.weights.lossScaler();
        if (scaler == null) {
            backward.give(node.inputs().get(0), diff);
            return;
        }
        long count = l.count(node.inputs().get(0));
        Block scaled = l.timeline.floats(count);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:loss_scale",
                _ -> scaler.apply(scaled, diff, count),
                scaled,
                diff);
        backward.give(node.inputs().get(0), scaled);
    }

    private void softmaxCrossEntropy(LossLayer.SoftmaxCrossEntropy layer) {
        Kernel kernel = gpu.kernel(FILE, "softmax_cross_entropy");
        Operand classWeight = constant(layer.classWeight());
        add(
                "taxon:softmax_cross_entropy",
                _ -> start().optional(classWeight)
                        .int64(n)
                        .int64(classes)
                        .float64(layer.smoothing().scale())
                        .float64(layer.smoothing().shift())
                        .float64(factor)
                        .launch(kernel, grid));
    }

    private void binaryCrossEntropy(LossLayer.BinaryCrossEntropy layer) {
        Kernel kernel = gpu.kernel(FILE, "binary_cross_entropy");
        Operand classWeight = constant(layer.classWeight());
        Operand posWeight = constant(layer.posWeight());
        add(
                "taxon:binary_cross_entropy",
                _ -> start().optional(classWeight)
                        .optional(posWeight)
                        .int64(n)
                        .int64(classes)
                        .float64(layer.smoothing())
                        .float64(factor)
                        .launch(kernel, grid));
    }

    private void focal(LossLayer.FocalLoss layer) {
        Kernel kernel = gpu.kernel(FILE, "focal_loss");
        add(
                "taxon:focal_loss",
                _ -> start().int64(n)
                        .int64(classes)
                        .float64(layer.gamma())
                        .float64(layer.alpha())
                        .float64(factor)
                        .launch(kernel, grid));
    }

    private void asymmetric(LossLayer.AsymmetricLoss layer) {
        Kernel kernel = gpu.kernel(FILE, "asymmetric_loss");
        add(
                "taxon:asymmetric_loss",
                _ -> start().int64(n)
                        .int64(classes)
                        .float64(layer.gammaPos())
                        .float64(layer.gammaNeg())
                        .float64(layer.clip())
                        .float64(layer.eps())
                        .int32(layer.sigmoid() ? 1 : 0)
                        .float64(factor)
                        .launch(kernel, grid));
    }

    private void seesaw(LossLayer.SeesawLoss layer) {
        Kernel count = gpu.kernel(FILE, "seesaw_count");
        Kernel kernel = gpu.kernel(FILE, "seesaw_loss");
        Operand cumSamples = l.buffer(node, Buffer.Role.CUM_SAMPLES);
        Grid overClasses = Grid.flat(classes);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:seesaw_count",
                _ -> gpu.arguments()
                        .pointer(cumSamples)
                        .pointer(targets)
                        .int64(n)
                        .int64(classes)
                        .launch(count, overClasses),
                targets);
        add(
                "taxon:seesaw_loss",
                _ -> gpu.arguments()
                        .pointer(rows)
                        .pointer(diff)
                        .pointer(cumSamples)
                        .pointer(logits)
                        .pointer(targets)
                        .int64(n)
                        .int64(classes)
                        .float64(layer.p())
                        .float64(layer.q())
                        .float64(layer.eps())
                        .float64(factor)
                        .launch(kernel, grid));
    }

    private void total() {
        Kernel kernel = gpu.kernel(FILE, "loss_total");
        Grid one = Grid.warps(1);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:loss_total",
                _ -> gpu.arguments()
                        .pointer(loss)
                        .pointer(rows)
                        .int64(n)
                        .float64(factor)
                        .launch(kernel, one),
                loss,
                rows);
    }

    /** What all begin with: results, logits, targets of either kind. */
    private Arguments start() {
        return gpu.arguments()
                .pointer(rows)
                .pointer(diff)
                .pointer(logits)
                .optional(soft ? null : targets)
                .optional(soft ? targets : null);
    }

    private void add(String implementation, Op op) {
        l.timeline.add(node.name(), Pass.FORWARD, implementation, op, rows, diff, logits, targets);
    }

    /** Weights on the GPU; null for none. */
    private @Nullable Operand constant(List<Double> values) {
        double[] array = values.stream().mapToDouble(v -> v).toArray();
        return array.length == 0 ? null : l.constants.doubles(array);
    }
}
