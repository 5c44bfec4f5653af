package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Layer.Activation.LeakyRelu;
import dev.taxon.graph.Layer.Activation.Simple;
import dev.taxon.graph.Node;

/** Element-wise functions that cuDNN does not have, by {@code activation.cu}. */
final class OwnActivations {
    private OwnActivations() {}

    /** A function and its numbers as the kernels take them. */
    private record Call(Kind kind, float slope, float bias, float factor, float low, float high) {
        static Call of(Function function) {
            return switch (function) {
                case Simple simple -> plain(simple);
                case LeakyRelu f -> new Call(Kind.LEAKY_RELU, (float) f.negativeSlope(), 0, 0, 0, 0);
                case HardSigmoid f ->
                    new Call(Kind.HARD_SIGMOID, 0, (float) f.bias(), (float) (1 / f.divisor()), (float) f.min(), (float)
                            f.max());
            };
        }

        private static Call plain(Simple function) {
            Kind kind = switch (function) {
                case RELU -> Kind.RELU;
                case RELU6 -> Kind.RELU6;
                case TANH -> Kind.TANH;
                case SIGMOID -> Kind.SIGMOID;
                case HSWISH -> Kind.HARD_SWISH;
                case SWISH -> Kind.SWISH;
                case GELU -> Kind.GELU;
            };
            return new Call(kind, 0, 0, 0, 0, 0);
        }

        Arguments append(Arguments arguments) {
            return arguments
                    .int32(kind.code)
                    .float32(slope)
                    .float32(bias)
                    .float32(factor)
                    .float32(low)
                    .float32(high);
        }
    }

    /** Functions by the numbers that activation.cu gives them. */
    private enum Kind {
        RELU(0),
        RELU6(1),
        LEAKY_RELU(2),
        TANH(3),
        SIGMOID(4),
        HARD_SIGMOID(5),
        HARD_SWISH(6),
        SWISH(7),
        GELU(8);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** Whether the slope is known from the output alone. */
        boolean isKnownByOutput() {
            return switch (this) {
                case RELU, RELU6, TANH, SIGMOID -> true;
                case LEAKY_RELU, HARD_SIGMOID, HARD_SWISH, SWISH, GELU -> false;
            };
        }
    }

    static void forward(Lowering l, Node node, Function function) {
        Kernel kernel = l.gpu.kernel("activation", "activation_forward");
        Call call = Call.of(function);
        long count = l.count(node);
        Grid grid = Grid.flat(count);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:activation",
                s -> call.append(l.gpu.arguments().pointer(dst).pointer(src).int64(count))
                        .launch(kernel, grid),
                dst,
                src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Function function) {
        Kernel kernel = l.gpu.kernel("activation", "activation_backward");
        Call call = Call.of(function);
        long count = l.count(node);
        Grid grid = Grid.flat(count);
        Block diffDst = backward.gradient(node);
        Block kept = l.value(call.kind().isKnownByOutput() ? node : node.input());
        Block diffSrc = l.timeline.floats(count);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:activation",
                s -> call.append(l.gpu.arguments()
                                .pointer(diffSrc)
                                .pointer(diffDst)
                                .pointer(kept)
                                .int64(count))
                        .launch(kernel, grid),
                diffSrc,
                diffDst,
                kept);
        backward.give(node.input(), diffSrc);
    }
}
