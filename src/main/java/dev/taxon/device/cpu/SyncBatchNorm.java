package dev.taxon.device.cpu;

import dev.taxon.device.Peers;
import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Batch norm with the statistics of all processes. The kernels of {@code taxon_batch_norm} do the work as with running statistics,
 * and this supplies them: sums of this process, a message, the mean and variance of all. Source: PyTorch nn.SyncBatchNorm.
 */
final class SyncBatchNorm {
    private final Peers peers;
    private final long channels;
    private final long rows;
    private final double[] message; // (2, channels) sums, and how many rows they are of
    private final Block sums; // (2, channels) double

    private SyncBatchNorm(Lowering l, Layer.BatchNorm2d layer, long rows) {
        peers = l.options.peers();
        channels = layer.channels();
        this.rows = rows;
        message = new double[2 * layer.channels() + 1];
        sums = l.timeline.bytes(2 * channels * Double.BYTES);
    }

    /** Whether a layer takes its statistics from other processes, too. */
    static boolean applies(Lowering l, Layer.BatchNorm2d layer) {
        return layer.sync()
                && !layer.useRunningStats()
                && l.training()
                && l.options.peers().size() > 1;
    }

    /** Adds the op that makes statistics; {@code mean} and {@code var} get them. */
    static void forward(
            Lowering l,
            Group group,
            Layer.BatchNorm2d layer,
            long rows,
            Block src,
            Block scratch,
            Running running,
            Block mean,
            Block var) {
        SyncBatchNorm sync = new SyncBatchNorm(l, layer, rows);
        double momentum = layer.bnMomentum();
        l.timeline.add(
                group.name(),
                Pass.FORWARD,
                "taxon:sync_batch_norm",
                s -> {
                    Native.check((int) Native.SYNC_BATCH_NORM_SUMS.invokeExact(
                            sync.sums.address(), src.address(), scratch.address(), sync.rows, sync.channels));
                    double count = sync.exchange();
                    return (int) Native.SYNC_BATCH_NORM_STATISTICS.invokeExact(
                            mean.address(),
                            var.address(),
                            running.mean,
                            running.variance,
                            sync.sums.address(),
                            count,
                            sync.channels,
                            momentum);
                },
                sync.sums,
                src,
                scratch,
                mean,
                var);
    }

    /** Addresses of a layer's running statistics. */
    record Running(long mean, long variance) {}

    /**
     * What the backward pass works on.
     *
     * @param weight address of the layer's weight
     * @param diffWeight address of its gradient; 0 for none, as with the bias
     * @param ownWeight gradient by this process's samples, as of {@code ownBias}
     */
    record Gradient(
            Block src,
            long weight,
            Block mean,
            Block invStd,
            long diffWeight,
            long diffBias,
            Block ownWeight,
            Block ownBias) {}

    /** Adds the op behind the kernel's, which gave {@code diffSrc} as with running statistics. */
    static void backward(
            Lowering l, Group group, Layer.BatchNorm2d layer, long rows, @Nullable Block diffSrc, Gradient g) {
        SyncBatchNorm sync = new SyncBatchNorm(l, layer, rows);
        l.timeline.add(
                group.name(),
                Pass.BACKWARD_DATA,
                "taxon:sync_batch_norm",
                s -> {
                    sync.write(g.ownBias, 0);
                    sync.write(g.ownWeight, sync.channels);
                    double count = sync.exchange();
                    return (int) Native.SYNC_BATCH_NORM_BACKWARD.invokeExact(
                            diffSrc == null ? 0L : diffSrc.address(),
                            g.diffWeight,
                            g.diffBias,
                            g.src.address(),
                            g.weight,
                            g.mean.address(),
                            g.invStd.address(),
                            g.ownWeight.address(),
                            g.ownBias.address(),
                            sync.sums.address(),
                            count,
                            s.accumulateFlag(),
                            sync.rows,
                            sync.channels);
                },
                sync.sums,
                diffSrc,
                g.src,
                g.mean,
                g.invStd,
                g.ownWeight,
                g.ownBias);
    }

    private void write(Block floats, long at) {
        for (long c = 0; c < channels; c++) {
            sums.segment()
                    .setAtIndex(
                            ValueLayout.JAVA_DOUBLE, at + c, floats.segment().getAtIndex(ValueLayout.JAVA_FLOAT, c));
        }
    }

    /** Replaces the sums by those of all processes; returns how many rows they are of. */
    private double exchange() {
        int length = message.length - 1;
        for (int i = 0; i < length; i++) {
            message[i] = sums.segment().getAtIndex(ValueLayout.JAVA_DOUBLE, i);
        }
        message[length] = rows;
        peers.sum(message);
        for (int i = 0; i < length; i++) {
            sums.segment().setAtIndex(ValueLayout.JAVA_DOUBLE, i, message[i]);
        }
        return message[length];
    }
}
