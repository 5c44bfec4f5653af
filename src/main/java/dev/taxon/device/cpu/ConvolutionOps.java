package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import org.jspecify.annotations.Nullable;

/** Convolution: in evaluation with folded batch norm, sum and activation, its weights packed once. */
final class ConvolutionOps {
    private ConvolutionOps() {}

    static void forward(Lowering l, Group group, Layer.Conv2d layer) {
        Node conv = group.head();
        Parameter weight = Lowering.weight(conv);
        Parameter bias = Lowering.parameter(conv, Parameter.Role.BIAS);
        Node batchNorm = group.batchNorm();
        int flags = l.convolutionFlags
                | group.activationFlags()
                | (bias != null || batchNorm != null ? Native.BIAS : 0)
                | (group.residual() != null ? Native.SUM : 0);
        long sizes = l.sizes(conv, layer.kernel(), layer.groups());
        Primitive primitive = l.own(Primitive.conv2dForward(sizes, flags, Activations.numbers(l, group.function())));
        long handle = primitive.handle();

        Block src = l.value(conv.input());
        Block dst = group.residual() == null ? l.newValue(group.tail()) : summand(l, group, group.residual());
        Block scratch = l.scratch(l.timeline, primitive);
        if (l.training()) {
            long w = l.address(Slot.VALUE, weight);
            long b = l.address(Slot.VALUE, bias);
            Block packed = pack(l, l.timeline, conv, primitive, null, w);
            l.timeline.add(
                    group.name(),
                    Pass.FORWARD,
                    primitive.implementation(),
                    s -> (int) Native.CONV2D_FORWARD.invokeExact(
                            handle,
                            dst.address(),
                            src.address(),
                            packed == null ? w : packed.address(),
                            b,
                            scratch.address()),
                    dst,
                    src,
                    packed,
                    scratch);
            return;
        }
        Folded folded = fold(l, conv, batchNorm, weight, bias, primitive);
        l.timeline.add(
                group.name(),
                Pass.FORWARD,
                primitive.implementation(),
                s -> (int) Native.CONV2D_FORWARD.invokeExact(
                        handle,
                        dst.address(),
                        src.address(),
                        folded.weights().address(),
                        folded.bias().address(),
                        scratch.address()),
                dst,
                src,
                scratch);
    }

    /** Weights that a program keeps until they change; address 0 for no bias. */
    private record Folded(Operand weights, Operand bias) {}

    private interface Operand {
        long address();
    }

    private static Folded fold(
            Lowering l,
            Node conv,
            @Nullable Node batchNorm,
            Parameter weight,
            @Nullable Parameter bias,
            Primitive primitive) {
        Timeline preparation = l.preparation;
        long w = l.address(Slot.VALUE, weight);
        long b = l.address(Slot.VALUE, bias);
        if (batchNorm == null) {
            Block packed = pack(l, preparation, conv, primitive, null, w);
            return new Folded(packed == null ? () -> w : packed.pin()::address, () -> b);
        }
        long outC = weight.shape().dim(0);
        long perOut = weight.shape().numel() / outC;
        Block foldedWeights = preparation.floats(outC * perOut);
        Block foldedBias = preparation.floats(outC).pin();
        long bnWeight = l.address(Slot.VALUE, Lowering.weight(batchNorm));
        long bnBias = l.address(Slot.VALUE, Lowering.parameter(batchNorm, Parameter.Role.BIAS));
        long mean = l.address(batchNorm, Buffer.Role.RUNNING_MEAN);
        long var = l.address(batchNorm, Buffer.Role.RUNNING_VAR);
        double eps = ((Layer.BatchNorm2d) batchNorm.layer()).eps();
        preparation.add(
                conv.name() + "+" + batchNorm.name(),
                Pass.REORDER,
                "taxon:batch_norm_fold",
                s -> (int) Native.BATCH_NORM_FOLD.invokeExact(
                        foldedWeights.address(),
                        foldedBias.address(),
                        w,
                        b,
                        bnWeight,
                        bnBias,
                        mean,
                        var,
                        outC,
                        perOut,
                        eps),
                foldedWeights);
        Block packed = pack(l, preparation, conv, primitive, foldedWeights, 0);
        return new Folded((packed == null ? foldedWeights : packed).pin()::address, foldedBias::address);
    }

    /** Reorders weights from a block, or from an address, to the primitive's layout; null when it takes them as they are. */
    private static @Nullable Block pack(
            Lowering l, Timeline on, Node node, Primitive primitive, @Nullable Block from, long address) {
        if (primitive.packedBytes() == 0) {
            return null;
        }
        Block packed = on.bytes(primitive.packedBytes());
        Block scratch = l.scratch(on, primitive);
        long handle = primitive.handle();
        on.add(
                node.name(),
                Pass.REORDER,
                primitive.implementation().startsWith("dnnl:") ? "dnnl:reorder" : primitive.implementation(),
                s -> (int) Native.OP_PACK.invokeExact(
                        handle, packed.address(), from == null ? address : from.address(), scratch.address()),
                packed,
                from,
                scratch);
        return packed;
    }

    // The convolution adds to what dst holds: the residual itself where nothing reads it later, else a copy.
    private static Block summand(Lowering l, Group group, Node residual) {
        Block block = l.value(residual);
        boolean free = !l.fusion.isReadByCaller(residual)
                && !block.isPinned()
                && l.fusion.consumers(residual).stream()
                        .allMatch(c -> c.id() <= group.tail().id() && !Lowering.mayAlias(c.layer()))
                && !block.equals(l.value(group.head().input())); // which the convolution still reads while it writes
        if (free) {
            l.setValue(group.tail(), block);
            return block;
        }
        Block copy = l.newValue(group.tail());
        l.transpose(group.tail(), Pass.REORDER, copy, block, 1, l.count(residual) / l.batch());
        return copy;
    }

    static void backward(Lowering l, BackwardLowering backward, Group group, Layer.Conv2d layer) {
        Node conv = group.head();
        Parameter weight = Lowering.weight(conv);
        Parameter trainedWeight = BackwardLowering.trainable(conv, Parameter.Role.WEIGHT);
        Parameter trainedBias = BackwardLowering.trainable(conv, Parameter.Role.BIAS);
        Block diffDst = backward.headGradient(group);
        Block src = l.value(conv.input());
        long sizes = l.sizes(conv, layer.kernel(), layer.groups());
        if (trainedWeight != null || trainedBias != null) {
            Primitive primitive = l.own(Primitive.conv2dBackwardWeights(
                    sizes, l.convolutionFlags | (trainedBias == null ? 0 : Native.BIAS)));
            long handle = primitive.handle();
            Block scratch = l.scratch(l.timeline, primitive);
            // A frozen weight beside a trained bias: its gradient is computed and dropped.
            Block dropped =
                    trainedWeight == null ? l.timeline.floats(weight.shape().numel()) : null;
            long diffWeights = l.address(Slot.GRADIENT, trainedWeight);
            long diffBias = l.address(Slot.GRADIENT, trainedBias);
            l.timeline.add(
                    conv.name(),
                    Pass.BACKWARD_WEIGHTS,
                    primitive.implementation(),
                    s -> (int) Native.CONV2D_BACKWARD_WEIGHTS.invokeExact(
                            handle,
                            dropped == null ? diffWeights : dropped.address(),
                            diffBias,
                            diffDst.address(),
                            src.address(),
                            s.accumulateFlag(),
                            scratch.address()),
                    diffDst,
                    src,
                    scratch,
                    dropped);
        }
        if (backward.wants(conv.input())) {
            Primitive primitive = l.own(Primitive.conv2dBackwardData(sizes, l.convolutionFlags));
            long handle = primitive.handle();
            long weights = l.address(Slot.VALUE, weight);
            Block packed = pack(l, l.timeline, conv, primitive, null, weights);
            Block scratch = l.scratch(l.timeline, primitive);
            Block diffSrc = l.timeline.floats(l.count(conv.input()));
            l.timeline.add(
                    conv.name(),
                    Pass.BACKWARD_DATA,
                    primitive.implementation(),
                    s -> (int) Native.CONV2D_BACKWARD_DATA.invokeExact(
                            handle,
                            diffSrc.address(),
                            diffDst.address(),
                            packed == null ? weights : packed.address(),
                            scratch.address()),
                    diffSrc,
                    diffDst,
                    packed,
                    scratch);
            backward.give(conv.input(), diffSrc);
        }
    }
}
