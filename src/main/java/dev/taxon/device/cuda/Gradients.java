package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnTensorDescriptor;

/** What the readers of each value gave for its gradient, and the ops that sum it. */
final class Gradients {
    private final Lowering l;
    private final Map<Node, List<Part>> parts = new HashMap<>();

    Gradients(Lowering lowering) {
        l = lowering;
    }

    /**
     * A gradient of {@code count} channels from channel {@code at} of a node on: those from channel {@code from} on in
     * {@code block}, which holds {@code pitch} channels of equal height and width in each sample.
     */
    record Part(Block block, long from, long pitch, long at, long count) {
        static Part whole(Node node, Block block) {
            long channels = Lowering.channels(node.shape());
            return new Part(block, 0, channels, 0, channels);
        }

        private boolean isWhole(Node node) {
            long channels = Lowering.channels(node.shape());
            return from == 0 && pitch == channels && count == channels;
        }
    }

    void give(Node node, Part part) {
        parts.computeIfAbsent(node, n -> new ArrayList<>()).add(part);
    }

    /** The sum of all parts. */
    Block sum(Node node) {
        List<Part> given = parts.get(node);
        if (given == null) {
            throw new IllegalStateException(node + " has no gradient");
        }
        Block sum = given.stream().allMatch(p -> p.isWhole(node)) ? sumOfWhole(node, given) : sumOfParts(node, given);
        parts.put(node, List.of(Part.whole(node, sum)));
        return sum;
    }

    private Block sumOfWhole(Node node, List<Part> given) {
        Block sum = given.getFirst().block();
        for (Part part : given.subList(1, given.size())) {
            Block dst = l.timeline.floats(l.count(node));
            l.add(node, Pass.BACKWARD_DATA, dst, sum, part.block());
            sum = dst;
        }
        return sum;
    }

    private Block sumOfParts(Node node, List<Part> given) {
        Block dst = l.timeline.floats(l.count(node));
        boolean tiles = areTiles(node, given);
        if (!tiles) {
            l.zero(node, Pass.BACKWARD_DATA, dst);
        }
        given.forEach(part -> put(node, dst, part, !tiles));
        return dst;
    }

    /** Whether each channel is in one part. */
    private static boolean areTiles(Node node, List<Part> given) {
        long end = 0;
        for (Part part :
                given.stream().sorted(Comparator.comparingLong(Part::at)).toList()) {
            if (part.at != end) {
                return false;
            }
            end += part.count;
        }
        return end == Lowering.channels(node.shape());
    }

    private void put(Node node, Block dst, Part part, boolean add) {
        Shape shape = node.shape();
        long pixels = Lowering.pixels(shape);
        long h = shape.rank() == 3 ? shape.dim(1) : 1;
        long w = shape.rank() == 3 ? shape.dim(2) : 1;
        long channels = Lowering.channels(shape);
        Gpu gpu = l.gpu;
        cudnnTensorDescriptor from = l.descriptors.tensor(l.batch(), part.count, h, w, part.pitch * pixels);
        cudnnTensorDescriptor to = l.descriptors.tensor(l.batch(), part.count, h, w, channels * pixels);
        Operand src = part.block.from(part.from * pixels * Float.BYTES);
        Operand sum = dst.from(part.at * pixels * Float.BYTES);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "cudnn:transform_tensor",
                s -> gpu.cudnn(JCudnn.cudnnTransformTensor(
                        gpu.cudnn(), gpu.one(), from, src.pointer(), add ? gpu.one() : gpu.zero(), to, sum.pointer())),
                dst,
                part.block);
    }
}
