package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;

/** Residual attention: the image as rows of pixels, products with the weights by cuBLAS, the scores by our own kernels. */
final class ResidualAttentionOps {
    private static final String FILE = "residual_attention";

    private final Lowering l;
    private final Node node;
    private final Layer.ResidualAttention layer;
    private final long pixels;
    private final long rows; // samples and classes
    private final int products; // samples and pixels
    private final int hard;

    private ResidualAttentionOps(Lowering l, Node node, Layer.ResidualAttention layer) {
        this.l = l;
        this.node = node;
        this.layer = layer;
        pixels = Lowering.pixels(node.input().shape());
        rows = l.count(node);
        products = Math.toIntExact(l.batch() * pixels);
        hard = Double.isInfinite(layer.temperature()) ? 1 : 0;
    }

    static void forward(Lowering l, Node node, Layer.ResidualAttention layer) {
        new ResidualAttentionOps(l, node, layer).forward();
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.ResidualAttention layer) {
        new ResidualAttentionOps(l, node, layer).backward(backward);
    }

    private void forward() {
        Block image = l.timeline.floats(l.count(node.input())); // (N · H · W, C)
        TokenOps.transpose(l, node, Pass.FORWARD, image, l.value(node.input()), layer.inC(), pixels);
        Block scores = l.timeline.floats((long) products * layer.classes());
        Operand weights = l.weightOf(node);
        LinearOps.product(l, node, scores, image, weights, products, layer.inC(), layer.classes());
        Block norms = l.timeline.floats(layer.classes());
        l.save(node, image, scores, norms);
        norms(norms, weights);
        Kernel kernel = l.gpu.kernel(FILE, "residual_attention_forward");
        Grid grid = Grid.warps(rows);
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:residual_attention_forward",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(scores)
                        .pointer(norms)
                        .int64(rows)
                        .int64(pixels)
                        .int64(layer.classes())
                        .float64(layer.temperature())
                        .float64(layer.lam())
                        .int32(hard)
                        .launch(kernel, grid),
                dst,
                scores,
                norms);
    }

    private void norms(Block norms, Operand weights) {
        Kernel kernel = l.gpu.kernel(FILE, "residual_attention_norms");
        Grid grid = Grid.warps(layer.classes());
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:residual_attention_norms",
                s -> l.gpu.arguments()
                        .pointer(norms)
                        .pointer(weights)
                        .int64(layer.classes())
                        .int64(layer.inC())
                        .launch(kernel, grid),
                norms);
    }

    private void backward(BackwardLowering backward) {
        Block image = l.saved(node, 0);
        Block norms = l.saved(node, 2);
        Block diffScores = l.timeline.floats((long) products * layer.classes());
        Block dots = l.timeline.floats(rows); // (N, classes)
        scores(diffScores, dots, backward.gradient(node));
        Operand weights = l.weightOf(node);
        Parameter trained = BackwardLowering.trainable(node, Parameter.Role.WEIGHT);
        if (trained != null) {
            Operand diffWeights = l.gradientOf(trained);
            LinearOps.weightsProduct(l, node, diffWeights, image, diffScores, products, layer.inC(), layer.classes());
            Block sums = l.timeline.floats(layer.classes());
            ColumnSum.add(l, node, sums, sums, dots, l.batch(), layer.classes(), layer.classes());
            weights(diffWeights, weights, norms, sums);
        }
        if (backward.wants(node.input())) {
            Block diffImage = l.timeline.floats(l.count(node.input()));
            LinearOps.dataProduct(l, node, diffImage, diffScores, weights, products, layer.inC(), layer.classes());
            Block diffSrc = l.timeline.floats(l.count(node.input()));
            TokenOps.transpose(l, node, Pass.BACKWARD_DATA, diffSrc, diffImage, pixels, layer.inC());
            backward.give(node.input(), diffSrc);
        }
    }

    private void scores(Block diffScores, Block dots, Block diffDst) {
        Kernel kernel = l.gpu.kernel(FILE, "residual_attention_backward");
        Grid grid = Grid.warps(rows);
        Block scores = l.saved(node, 1);
        Block norms = l.saved(node, 2);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:residual_attention_backward",
                s -> l.gpu.arguments()
                        .pointer(diffScores)
                        .pointer(dots)
                        .pointer(diffDst)
                        .pointer(scores)
                        .pointer(norms)
                        .int64(rows)
                        .int64(pixels)
                        .int64(layer.classes())
                        .float64(layer.temperature())
                        .float64(layer.lam())
                        .int32(hard)
                        .launch(kernel, grid),
                diffScores,
                dots,
                diffDst,
                scores,
                norms);
    }

    private void weights(Operand diffWeights, Operand weights, Block norms, Block dots) {
        Kernel kernel = l.gpu.kernel(FILE, "residual_attention_weights");
        Grid grid = Grid.rows(layer.classes(), layer.inC());
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_WEIGHTS,
                "taxon:residual_attention_weights",
                s -> l.gpu.arguments()
                        .pointer(diffWeights)
                        .pointer(weights)
                        .pointer(norms)
                        .pointer(dots)
                        .int64(layer.classes())
                        .int64(layer.inC())
                        .launch(kernel, grid),
                norms,
                dots);
    }
}
