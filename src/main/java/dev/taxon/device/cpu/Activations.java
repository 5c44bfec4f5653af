package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Layer.Activation.LeakyRelu;
import dev.taxon.graph.Layer.Activation.Simple;
import dev.taxon.graph.Node;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Element-wise functions: their native names and numbers, and their ops. */
final class Activations {
    private Activations() {}

    /** The flag of {@code enum taxon_flag}. */
    static int flag(Function function) {
        return switch (function) {
            case Simple simple ->
                switch (simple) {
                    case RELU -> Native.RELU;
                    case RELU6 -> Native.RELU6;
                    case TANH -> Native.TANH;
                    case SIGMOID -> Native.SIGMOID;
                    case HSWISH -> Native.HARD_SWISH;
                    case SWISH -> Native.SWISH;
                    case GELU -> Native.GELU;
                };
            case LeakyRelu f -> Native.LEAKY_RELU;
            case HardSigmoid f -> Native.HARD_SIGMOID;
        };
    }

    /** Address of the numbers that native calls take beside the flag; 0 for none. */
    static long numbers(Lowering l, @Nullable Function function) {
        double[] numbers = switch (function) {
            case null -> new double[0];
            case Simple f -> new double[0];
            case LeakyRelu f -> new double[] {f.negativeSlope()};
            case HardSigmoid f -> new double[] {f.bias(), f.divisor(), f.min(), f.max()};
        };
        return numbers.length == 0
                ? 0
                : l.constants.allocateFrom(ValueLayout.JAVA_DOUBLE, numbers).address();
    }

    /** Whether the gradient needs the output alone, so that training may fuse the function into the kernel before it. */
    static boolean isKnownByOutput(Function function) {
        return switch (function) {
            case Simple.RELU, Simple.RELU6, Simple.TANH, Simple.SIGMOID -> true;
            case Simple other -> false;
            case LeakyRelu f -> false;
            case HardSigmoid f -> false;
        };
    }

    /** Whether a batch norm's kernel takes the function along, forward and backward. */
    static boolean followsBatchNorm(Function function) {
        return function.equals(Function.RELU) || function.equals(Function.RELU6);
    }

    static void forward(Lowering l, Node node, Function function) {
        int flag = flag(function);
        long numbers = numbers(l, function);
        long count = l.count(node);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:activation",
                s -> (int) Native.ACTIVATION_FORWARD.invokeExact(dst.address(), src.address(), count, flag, numbers),
                dst,
                src);
    }

    /** The gradient of the function's input. */
    static Block backward(Lowering l, Node node, Block diffDst) {
        Function function = ((Layer.Activation) node.layer()).function();
        int flag = flag(function);
        long numbers = numbers(l, function);
        long count = l.count(node);
        Block kept = isKnownByOutput(function) ? l.value(node) : l.value(node.input());
        Block diffSrc = l.timeline.floats(count);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:activation",
                s -> (int) Native.ACTIVATION_BACKWARD.invokeExact(
                        diffSrc.address(), diffDst.address(), kept.address(), count, flag, numbers),
                diffSrc,
                diffDst,
                kept);
        return diffSrc;
    }
}
