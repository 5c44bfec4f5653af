package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.random.Philox;

/** Forward and backward of multi-head self-attention. Training keeps the probabilities, (N, heads, L, L). */
final class AttentionOps {
    private final Lowering l;
    private final Timeline timeline;

    AttentionOps(Lowering lowering) {
        l = lowering;
        timeline = lowering.timeline;
    }

    void forward(Group group, Layer.Attention layer) {
        Node node = group.head();
        long n = l.batch();
        long tokens = node.shape().dim(0);
        long heads = layer.heads();
        long headSize = layer.headSize();
        boolean training = l.training();
        double p = training ? layer.dropout() : 0;
        int id = node.id();
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        Block scratch = timeline.bytes(scratch(tokens));
        Block probabilities = training ? timeline.floats(n * heads * tokens * tokens) : null;
        if (probabilities != null) {
            l.save(group, probabilities, null);
        }
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:attention",
                s -> (int) TokenFunctions.ATTENTION_FORWARD.invokeExact(
                        dst.address(),
                        probabilities == null ? 0L : probabilities.address(),
                        src.address(),
                        scratch.address(),
                        n,
                        tokens,
                        heads,
                        headSize,
                        p,
                        s.draw.seed(),
                        Philox.stream(Philox.Purpose.DROPOUT, id, s.draw.step())),
                dst,
                probabilities,
                src,
                scratch);
    }

    void backward(BackwardLowering backward, Group group, Layer.Attention layer) {
        Node node = group.head();
        long n = l.batch();
        long tokens = node.shape().dim(0);
        long heads = layer.heads();
        long headSize = layer.headSize();
        double p = layer.dropout();
        int id = node.id();
        Block src = l.value(node.input());
        Block diffDst = backward.gradient(node);
        Block probabilities = l.saved(group).first();
        Block diffSrc = timeline.floats(l.count(node.input()));
        Block scratch = timeline.bytes(scratch(tokens));
        timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:attention",
                s -> (int) TokenFunctions.ATTENTION_BACKWARD.invokeExact(
                        diffSrc.address(),
                        diffDst.address(),
                        src.address(),
                        probabilities.address(),
                        scratch.address(),
                        n,
                        tokens,
                        heads,
                        headSize,
                        p,
                        s.draw.seed(),
                        Philox.stream(Philox.Purpose.DROPOUT, id, s.draw.step())),
                diffSrc,
                diffDst,
                src,
                probabilities,
                scratch);
        backward.give(node.input(), diffSrc);
    }

    private static long scratch(long tokens) {
        return Native.value(() -> (long) TokenFunctions.ATTENTION_SCRATCH_BYTES.invokeExact(tokens));
    }
}
