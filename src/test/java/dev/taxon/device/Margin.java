package dev.taxon.device;

import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.device.reference.ReferenceProgram;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Layer.Activation.LeakyRelu;
import dev.taxon.graph.Layer.Activation.Simple;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether float32 rounding can change a decision inside a graph: the input of a ReLU near 0, or two nearly equal values in
 * one window of a max-pooling. Such a flip changes gradients by whole elements, which no tolerance should allow for.
 */
final class Margin {
    /** Of the array's root mean square: some 100 times what rounding does to the values of these small graphs. */
    private static final double MARGIN = 2e-5;

    private Margin() {}

    static boolean isClear(Case c) {
        AtomicBoolean clear = new AtomicBoolean(true);
        Trial.run(new ReferenceDevice(), c, program -> {
            for (Node node : c.graph().nodes()) {
                clear.compareAndSet(true, isClear(node, (ReferenceProgram) program));
            }
        });
        return clear.get();
    }

    private static boolean isClear(Node node, ReferenceProgram program) {
        if (node.layer() instanceof Layer.Activation a) {
            double[] x = program.value(node.input());
            double margin = MARGIN * rootMeanSquare(x);
            for (double kink : kinks(a.function())) {
                for (double v : x) {
                    if (Math.abs(v - kink) < margin) {
                        return false;
                    }
                }
            }
        }
        return !(node.layer() instanceof Layer.MaxPool2d pool) || hasClearWinners(node, pool.kernel(), program);
    }

    /** Where the slope jumps. */
    private static List<Double> kinks(Function function) {
        return switch (function) {
            case Simple.RELU -> List.of(0.0);
            case Simple.RELU6 -> List.of(0.0, 6.0);
            case Simple.HSWISH -> List.of(-3.0, 3.0);
            case Simple smooth -> List.of();
            case LeakyRelu f -> List.of(0.0);
            case HardSigmoid f -> List.of(f.min() * f.divisor() - f.bias(), f.max() * f.divisor() - f.bias());
        };
    }

    private static boolean hasClearWinners(Node node, Kernel2d k, ReferenceProgram program) {
        double[] x = program.value(node.input());
        double[] y = program.value(node);
        double margin = MARGIN * rootMeanSquare(x);
        Shape in = node.input().shape();
        int height = in.size(1);
        int width = in.size(2);
        int outH = node.shape().size(1);
        int outW = node.shape().size(2);
        for (int i = 0; i < y.length; i++) {
            int plane = i / outW / outH;
            int close = 0; // elements near the largest, itself among them
            for (int kh = 0; kh < k.kH(); kh++) {
                for (int kw = 0; kw < k.kW(); kw++) {
                    int h = i / outW % outH * k.strideH() - k.padH() + kh;
                    int w = i % outW * k.strideW() - k.padW() + kw;
                    boolean inside = h >= 0 && h < height && w >= 0 && w < width;
                    close += inside && x[(plane * height + h) * width + w] > y[i] - margin ? 1 : 0;
                }
            }
            if (close > 1 && y[i] != 0) { // zeros come from a ReLU, which stops their gradients whoever wins
                return false;
            }
        }
        return true;
    }

    private static double rootMeanSquare(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += v * v;
        }
        return Math.sqrt(sum / x.length);
    }
}
