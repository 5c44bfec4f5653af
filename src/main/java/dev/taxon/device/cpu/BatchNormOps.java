package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import java.util.List;

/** Batch norm with the sum and the activation behind it, in one pass over the values each way. */
final class BatchNormOps {
    private BatchNormOps() {}

    static void forward(Lowering l, Group group, Layer.BatchNorm2d layer) {
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
        Block mean = l.timeline.floats(channels);
        Block invStd = l.timeline.floats(channels);
        Block scratch = l.timeline.bytes(scratchBytes(channels));
        l.save(group, mean, invStd);
        if (!running) {
            node.buffers().stream()
                    .filter(b -> b.role() == Buffer.Role.NUM_BATCHES_TRACKED)
                    .forEach(l.counters::add);
        }
        Block allMean = sync ? l.timeline.floats(channels) : null;
        Block allVar = sync ? l.timeline.floats(channels) : null;
        if (allMean != null && allVar != null) {
            SyncBatchNorm.Running own = new SyncBatchNorm.Running(runningMean, runningVar);
            SyncBatchNorm.forward(l, group, layer, rows, src, scratch, own, allMean, allVar);
        }
        l.timeline.add(
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

    private static long scratchBytes(long channels) {
        return Native.value(() -> (long) Native.BATCH_NORM_SCRATCH_BYTES.invokeExact(channels));
    }

    static void backward(Lowering l, BackwardLowering backward, Group group, Layer.BatchNorm2d layer) {
        Node node = group.head();
        long channels = layer.channels();
        long rows = l.batch() * Lowering.pixels(node.shape());
        boolean sync = SyncBatchNorm.applies(l, layer);
        int flags = group.activationFlags() | (layer.useRunningStats() || sync ? Native.RUNNING : 0);
        // The kernel adds two gradients itself; a block's output has two readers.
        List<Block> parts = backward.wholeParts(group.tail());
        boolean two = parts.size() == 2;
        Block diffDst = two ? parts.get(0) : backward.gradient(group.tail());
        Block diffDst2 = two ? parts.get(1) : null;
        Block src = l.value(node.input());
        // Without a residual the kernel does forward's sum again, and does not read what it gave.
        Block dst = group.residual() == null ? null : l.value(group.tail());
        Block mean = l.saved(group).first();
        Block invStd = l.saved(group).second();
        long weight = l.address(Slot.VALUE, Lowering.weight(node));
        long bias = l.address(Slot.VALUE, Lowering.parameter(node, Parameter.Role.BIAS));
        long diffWeight = l.address(Slot.GRADIENT, BackwardLowering.trainable(node, Parameter.Role.WEIGHT));
        long diffBias = l.address(Slot.GRADIENT, BackwardLowering.trainable(node, Parameter.Role.BIAS));
        boolean wantsSrc = backward.wants(node.input());
        boolean wantsResidual = group.residual() != null && backward.wants(group.residual());
        Block diffSrc = wantsSrc ? l.timeline.floats(l.count(node)) : null;
        Block diffResidual = wantsResidual ? l.timeline.floats(l.count(node)) : null;
        Block scratch = l.timeline.bytes(scratchBytes(channels));
        Block ownWeight = sync ? l.timeline.floats(channels) : null; // gradients by this process's samples
        Block ownBias = sync ? l.timeline.floats(channels) : null;
        if (invStd == null) {
            throw new IllegalStateException(group.name() + " saved no 1/std");
        }
        l.timeline.add(
                group.name(),
                Pass.BACKWARD_DATA,
                "taxon:batch_norm",
                s -> (int) Native.BATCH_NORM_BACKWARD.invokeExact(
                        diffSrc == null ? 0L : diffSrc.address(),
                        diffResidual == null ? 0L : diffResidual.address(),
                        ownWeight == null ? diffWeight : ownWeight.address(),
                        ownBias == null ? diffBias : ownBias.address(),
                        diffDst.address(),
                        diffDst2 == null ? 0L : diffDst2.address(),
                        src.address(),
                        dst == null ? 0L : dst.address(),
                        weight,
                        dst == null ? bias : 0L,
                        mean.address(),
                        invStd.address(),
                        scratch.address(),
                        ownWeight == null ? s.accumulateFlag() : 0,
                        rows,
                        channels,
                        flags),
                diffSrc,
                diffResidual,
                diffDst,
                diffDst2,
                src,
                dst,
                mean,
                invStd,
                scratch,
                ownWeight,
                ownBias);
        if (ownWeight != null && ownBias != null) {
            SyncBatchNorm.Gradient gradient =
                    new SyncBatchNorm.Gradient(src, weight, mean, invStd, diffWeight, diffBias, ownWeight, ownBias);
            SyncBatchNorm.backward(l, group, layer, rows, diffSrc, gradient);
        }
        if (diffSrc != null) {
            backward.give(node.input(), diffSrc);
        }
        if (diffResidual != null && group.residual() != null) {
            backward.give(group.residual(), diffResidual);
        }
    }
}
