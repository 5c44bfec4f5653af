package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What the readers of each value gave for its gradient, and the op that sums it. */
final class Gradients {
    private final Lowering l;
    private final Map<Node, List<Part>> parts = new HashMap<>();

    Gradients(Lowering lowering) {
        l = lowering;
    }

    /**
     * A gradient of {@code count} channels from channel {@code at} of a node on: rows of {@code pitch} elements in
     * {@code block}, {@code from} elements into each row.
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

        private boolean covers(long channel) {
            return channel >= at && channel < at + count;
        }

        /** Bytes from the block's start to the row's element for {@code channel}. */
        private long offset(long channel) {
            return (from + channel - at) * Float.BYTES;
        }
    }

    void give(Node node, Part part) {
        parts.computeIfAbsent(node, n -> new ArrayList<>()).add(part);
    }

    /** The parts of a node, when each is the gradient of all its channels in the node's own layout; else none. */
    List<Block> whole(Node node) {
        List<Part> given = parts.getOrDefault(node, List.of());
        boolean whole = given.stream().allMatch(p -> p.isWhole(node));
        return whole ? given.stream().map(Part::block).toList() : List.of();
    }

    /** The sum of all parts. */
    Block sum(Node node) {
        List<Part> given = parts.get(node);
        if (given == null) {
            throw new IllegalStateException(node + " has no gradient");
        }
        List<Block> whole = whole(node);
        if (whole.isEmpty()) {
            return sumOfParts(node, given);
        }
        Block sum = whole.getFirst();
        for (Block part : whole.subList(1, whole.size())) {
            sum = add(node, sum, part);
        }
        return sum;
    }

    /** The parts in order when they cover each channel once, in even stretches; else one, the sum. */
    List<Part> evenTiles(Node node) {
        List<Part> tiles = parts.getOrDefault(node, List.of()).stream()
                .sorted(Comparator.comparingLong(Part::at))
                .toList();
        long end = 0;
        for (Part tile : tiles) {
            if (tile.at != end || tile.count % 2 != 0) {
                return List.of(Part.whole(node, sum(node)));
            }
            end += tile.count;
        }
        boolean complete = end == Lowering.channels(node.shape());
        return complete ? tiles : List.of(Part.whole(node, sum(node)));
    }

    private Block add(Node node, Block a, Block b) {
        long count = l.count(node);
        Block dst = l.timeline.floats(count);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:add",
                s -> (int) Native.ADD.invokeExact(dst.address(), a.address(), b.address(), count),
                dst,
                a,
                b);
        return dst;
    }

    /** Between two ends of parts the same parts cover every channel: one op, or more than one when they are above two. */
    private Block sumOfParts(Node node, List<Part> given) {
        long channels = Lowering.channels(node.shape());
        Block dst = l.timeline.floats(l.count(node));
        TreeSet<Long> ends = new TreeSet<>(List.of(0L, channels));
        given.forEach(p -> ends.addAll(List.of(p.at, p.at + p.count)));
        for (long from : ends.headSet(channels)) {
            long to = ends.tailSet(from, false).first();
            List<Part> covering = given.stream().filter(p -> p.covers(from)).toList();
            Part sum = new Part(dst, 0, channels, 0, channels);
            switch (covering.size()) {
                case 0 -> zero(node, sum, from, to - from);
                case 1 -> copy(node, sum, covering.getFirst(), from, to - from);
                default -> {
                    add(node, sum, covering.get(0), covering.get(1), from, to - from);
                    covering.stream().skip(2).forEach(p -> add(node, sum, sum, p, from, to - from));
                }
            }
        }
        return dst;
    }

    private void zero(Node node, Part dst, long at, long count) {
        long rows = l.count(node) / dst.pitch;
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:channels_zero",
                s -> (int) ChannelFunctions.CHANNELS_ZERO.invokeExact(
                        dst.block.address() + dst.offset(at), rows, count, dst.pitch),
                dst.block);
    }

    private void copy(Node node, Part dst, Part src, long at, long count) {
        long rows = l.count(node) / dst.pitch;
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:channels_copy",
                s -> (int) ChannelFunctions.CHANNELS_COPY.invokeExact(
                        dst.block.address() + dst.offset(at),
                        src.block.address() + src.offset(at),
                        rows,
                        count,
                        dst.pitch,
                        src.pitch),
                dst.block,
                src.block);
    }

    private void add(Node node, Part dst, Part a, Part b, long at, long count) {
        long rows = l.count(node) / dst.pitch;
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:channels_add",
                s -> (int) ChannelFunctions.CHANNELS_ADD.invokeExact(
                        dst.block.address() + dst.offset(at),
                        a.block.address() + a.offset(at),
                        b.block.address() + b.offset(at),
                        rows,
                        count,
                        dst.pitch,
                        a.pitch,
                        b.pitch),
                dst.block,
                a.block,
                b.block);
    }
}
