package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.random.Philox;
import dev.taxon.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Turns groups into the ops of the forward pass. */
final class ForwardLowering {
    private final Lowering l;
    private final Timeline timeline;
    private final TokenOps tokens;
    private final AttentionOps attention;

    ForwardLowering(Lowering lowering) {
        l = lowering;
        timeline = lowering.timeline;
        tokens = new TokenOps(lowering);
        attention = new AttentionOps(lowering);
    }

    void lower(Group group) {
        Node head = group.head();
        switch (head.layer()) {
            case Layer.Input layer -> l.newValue(head).pin();
            case Layer.Target layer -> l.newValue(head).pin();
            case Layer.Conv2d layer -> conv2d(group, layer);
            case Layer.BatchNorm2d layer -> batchNorm(group, layer);
            case Layer.Activation layer -> Activations.forward(l, head, layer.function());
            case Layer.MaxPool2d layer -> maxPool(group, layer);
            case Layer.AvgPool2d layer -> avgPool(head, layer);
            case Layer.GlobalAvgPool layer -> globalAvgPool(head);
            case Layer.Linear layer -> linear(group, layer);
            case Layer.Add layer -> add(head);
            case Layer.ChannelScale layer -> ChannelScaling.forward(l, head);
            case Layer.Flatten layer -> flatten(head);
            case Layer.Dropout layer -> dropout(head, layer);
            case Layer.ShortcutA layer -> shortcut(head, layer);
            case Layer.ChannelSlice layer -> ChannelOps.forward(l, head, layer);
            case Layer.Concat layer -> ChannelOps.concatForward(l, head);
            case Layer.ChannelShuffle layer -> ChannelOps.forward(l, head, layer);
            case Layer.RadixPool layer -> SplitAttentionOps.forward(l, head, layer);
            case Layer.RadixSoftmax layer -> SplitAttentionOps.forward(l, head, layer);
            case Layer.RadixSum layer -> SplitAttentionOps.forward(l, head, layer);
            case Layer.ImageToTokens layer -> l.setValue(head, l.value(head.input())); // NHWC holds tokens already
            case Layer.TokensToImage layer -> l.setValue(head, l.value(head.input()));
            case Layer.TokenSlice layer -> tokens.slice(head, layer);
            case Layer.ClassToken layer -> tokens.classToken(head, layer);
            case Layer.PositionEmbedding layer -> tokens.positions(head, layer);
            case Layer.LayerNorm layer -> tokens.layerNorm(group, layer);
            case Layer.Attention layer -> attention.forward(group, layer);
            case Layer.DropPath layer -> tokens.dropPath(head, layer);
            case Layer.Loss layer -> LossOps.forward(l, group, layer);
        }
    }

    private void conv2d(Group group, Layer.Conv2d layer) {
        Node conv = group.head();
        Parameter weight = Lowering.weight(conv);
        Parameter bias = Lowering.parameter(conv, Parameter.Role.BIAS);
        Node batchNorm = group.batchNorm();
        int flags = group.activationFlags()
                | (bias != null || batchNorm != null ? Native.BIAS : 0)
                | (group.residual() != null ? Native.SUM : 0);
        long sizes = l.sizes(conv, layer.kernel(), layer.groups());
        Primitive primitive = l.own(Primitive.conv2dForward(sizes, flags, Activations.numbers(l, group.function())));
        long handle = primitive.handle();

        Block src = l.value(conv.input());
        Block dst = group.residual() == null ? l.newValue(group.tail()) : summand(group, group.residual());
        Block scratch = l.scratch(timeline, primitive);
        if (l.training()) {
            long w = l.address(Slot.VALUE, weight);
            long b = l.address(Slot.VALUE, bias);
            Block packed = pack(timeline, conv, primitive, null, w);
            timeline.add(
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
        Folded folded = fold(conv, batchNorm, weight, bias, primitive);
        timeline.add(
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

    private Folded fold(
            Node conv, @Nullable Node batchNorm, Parameter weight, @Nullable Parameter bias, Primitive primitive) {
        Timeline preparation = l.preparation;
        long w = l.address(Slot.VALUE, weight);
        long b = l.address(Slot.VALUE, bias);
        if (batchNorm == null) {
            Block packed = pack(preparation, conv, primitive, null, w);
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
        Block packed = pack(preparation, conv, primitive, foldedWeights, 0);
        return new Folded((packed == null ? foldedWeights : packed).pin()::address, foldedBias::address);
    }

    /** Reorders weights from a block, or from an address, to the primitive's layout; null when it takes them as they are. */
    private @Nullable Block pack(Timeline on, Node node, Primitive primitive, @Nullable Block from, long address) {
        return pack(l, on, node, primitive, from, address);
    }

    static @Nullable Block pack(
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
                "dnnl:reorder",
                s -> (int) Native.OP_PACK.invokeExact(
                        handle, packed.address(), from == null ? address : from.address(), scratch.address()),
                packed,
                from,
                scratch);
        return packed;
    }

    // The convolution adds to what dst holds: the residual itself where nothing reads it later, else a copy.
    private Block summand(Group group, Node residual) {
        Block block = l.value(residual);
        boolean free = !l.fusion.isReadByCaller(residual)
                && !block.isPinned()
                && l.fusion.consumers(residual).stream()
                        .allMatch(c -> c.id() <= group.tail().id() && !Lowering.mayAlias(c.layer()));
        if (free) {
            l.setValue(group.tail(), block);
            return block;
        }
        Block copy = l.newValue(group.tail());
        l.transpose(group.tail(), Pass.REORDER, copy, block, 1, l.count(residual) / l.batch());
        return copy;
    }

    private void batchNorm(Group group, Layer.BatchNorm2d layer) {
        Node node = group.head();
        long channels = layer.channels();
        long rows = l.batch() * Lowering.pixels(node.shape());
        boolean running = layer.useRunningStats() || !l.training();
        boolean sync = SyncBatchNorm.applies(l, layer);
        int flags = group.activationFlags() | (running || sync ? Native.RUNNING : 0);
        long runningMean = l.address(node, Buffer.Role.RUNNING_MEAN);
        long runningVar = l.address(node, Buffer.Role.RUNNING_VAR);
        long weight = l.address(Slot.VALUE, Lowering.weight(node));
        long bias = l.address(Slot.VALUE, Lowering.parameter(node, Parameter.Role.BIAS));
        double eps = layer.eps();
        double momentum = layer.bnMomentum();
        Block src = l.value(node.input());
        Block residual = group.residual() == null ? null : l.value(group.residual());
        Block dst = l.newValue(group.tail());
        Block mean = timeline.floats(channels);
        Block invStd = timeline.floats(channels);
        Block scratch = timeline.bytes(batchNormScratch(channels));
        l.save(group, mean, invStd);
        if (!running) {
            node.buffers().stream()
                    .filter(b -> b.role() == Buffer.Role.NUM_BATCHES_TRACKED)
                    .forEach(l.counters::add);
        }
        Block allMean = sync ? timeline.floats(channels) : null;
        Block allVar = sync ? timeline.floats(channels) : null;
        if (allMean != null && allVar != null) {
            SyncBatchNorm.Running own = new SyncBatchNorm.Running(runningMean, runningVar);
            SyncBatchNorm.forward(l, group, layer, rows, src, scratch, own, allMean, allVar);
        }
        timeline.add(
                group.name(),
                Pass.FORWARD,
                "taxon:batch_norm",
                s -> (int) Native.BATCH_NORM_FORWARD.invokeExact(
                        dst.address(),
                        mean.address(),
                        invStd.address(),
                        allMean == null ? runningMean : allMean.address(),
                        allVar == null ? runningVar : allVar.address(),
                        src.address(),
                        residual == null ? 0L : residual.address(),
                        weight,
                        bias,
                        scratch.address(),
                        rows,
                        channels,
                        eps,
                        momentum,
                        flags),
                dst,
                mean,
                invStd,
                src,
                residual,
                scratch,
                allMean,
                allVar);
    }

    static long batchNormScratch(long channels) {
        return Native.value(() -> (long) Native.BATCH_NORM_SCRATCH_BYTES.invokeExact(channels));
    }

    private void maxPool(Group group, Layer.MaxPool2d layer) {
        Node node = group.head();
        long sizes = l.sizes(node, layer.kernel(), 1);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        Block index = l.training()
                ? timeline.bytes(Native.value(() -> (long) Native.MAX_POOL2D_INDEX_BYTES.invokeExact(sizes)))
                : null;
        if (index != null) {
            l.save(group, index, null);
        }
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:max_pool2d",
                s -> (int) Native.MAX_POOL2D_FORWARD.invokeExact(
                        dst.address(), index == null ? 0L : index.address(), src.address(), sizes),
                dst,
                index,
                src);
    }

    private void avgPool(Node node, Layer.AvgPool2d layer) {
        long sizes = l.sizes(node, layer.kernel(), 1);
        int includePad = layer.countIncludePad() ? 1 : 0;
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:avg_pool2d",
                s -> (int) Native.AVG_POOL2D_FORWARD.invokeExact(dst.address(), src.address(), includePad, sizes),
                dst,
                src);
    }

    private void globalAvgPool(Node node) {
        Shape in = node.input().shape();
        long n = l.batch();
        long pixels = Lowering.pixels(in);
        long channels = in.dim(0);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:global_avg_pool",
                s -> (int)
                        Native.GLOBAL_AVG_POOL_FORWARD.invokeExact(dst.address(), src.address(), n, pixels, channels),
                dst,
                src);
    }

    private void linear(Group group, Layer.Linear layer) {
        Node node = group.head();
        int flags = group.activationFlags() | Native.TRANS_B | (layer.bias() ? Native.BIAS : 0);
        long numbers = Activations.numbers(l, group.function());
        Primitive primitive =
                l.own(Primitive.matmul(l.count(node) / layer.out(), layer.out(), layer.in(), flags, numbers));
        long handle = primitive.handle();
        long weight = l.address(Slot.VALUE, Lowering.weight(node));
        long bias = l.address(Slot.VALUE, Lowering.parameter(node, Parameter.Role.BIAS));
        Block src = l.value(node.input());
        Block dst = l.newValue(group.tail());
        Block scratch = l.scratch(timeline, primitive);
        timeline.add(
                group.name(),
                Pass.FORWARD,
                primitive.implementation(),
                s -> (int) Native.MATMUL.invokeExact(
                        handle, dst.address(), src.address(), weight, bias, scratch.address()),
                dst,
                src,
                scratch);
    }

    private void add(Node node) {
        long count = l.count(node);
        Block a = l.value(node.inputs().get(0));
        Block b = l.value(node.inputs().get(1));
        Block dst = l.newValue(node);
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:add",
                s -> (int) Native.ADD.invokeExact(dst.address(), a.address(), b.address(), count),
                dst,
                a,
                b);
    }

    private void flatten(Node node) {
        Shape in = node.input().shape();
        if (Lowering.isFlat(in)) {
            l.setValue(node, l.value(node.input()));
            return;
        }
        Block src = l.value(node.input());
        l.transpose(node, Pass.FORWARD, l.newValue(node), src, Lowering.pixels(in), in.dim(0));
    }

    private void dropout(Node node, Layer.Dropout layer) {
        if (!l.training() || layer.p() == 0) {
            l.setValue(node, l.value(node.input()));
            return;
        }
        Block src = l.value(node.input());
        dropout(l, node, layer, Pass.FORWARD, l.newValue(node), src);
    }

    /** The same op drops values and their gradients. */
    static void dropout(Lowering l, Node node, Layer.Dropout layer, Pass pass, Block dst, Block src) {
        Shape shape = node.shape();
        long n = l.batch();
        long pixels = Lowering.pixels(shape);
        long channels = shape.numel() / pixels;
        double p = layer.p();
        int id = node.id();
        l.timeline.add(
                node.name(),
                pass,
                "taxon:dropout",
                s -> (int) Native.DROPOUT.invokeExact(
                        dst.address(),
                        src.address(),
                        n,
                        channels,
                        pixels,
                        p,
                        s.draw.seed(),
                        Philox.stream(Philox.Purpose.DROPOUT, id, s.draw.step())),
                dst,
                src);
    }

    private void shortcut(Node node, Layer.ShortcutA layer) {
        long sizes = l.sizes(node, layer);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:shortcut_a",
                s -> (int) Native.SHORTCUT_A_FORWARD.invokeExact(dst.address(), src.address(), sizes),
                dst,
                src);
    }
}
