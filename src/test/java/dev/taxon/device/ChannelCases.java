package dev.taxon.device;

import static dev.taxon.device.LayerCases.any;
import static dev.taxon.device.LayerCases.between;
import static dev.taxon.device.LayerCases.chance;
import static dev.taxon.device.LayerCases.channels;
import static dev.taxon.device.LayerCases.one;

import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Random small graphs around the layers that move or weigh channels. */
final class ChannelCases {
    private ChannelCases() {}

    /** Alone, or several that overlap, leave gaps, and meet other readers of the same value. */
    static Graph slice(Rng rng, int batch) {
        Shape in = any(rng);
        int channels = in.size(0);
        if (chance(rng, 40)) {
            int from = rng.nextInt(channels);
            return one(rng, in, new Layer.ChannelSlice(from, between(rng, 1, channels - from)));
        }
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(in);
        if (chance(rng, 50)) {
            x = tanh(b.root().child("before"), x);
        }
        int count = between(rng, 1, channels);
        Node sum = null;
        for (int i = 0; i < between(rng, 2, 4); i++) {
            Scope s = b.root().child("layer").child(i);
            int from = rng.nextInt(channels - count + 1);
            Node part = s.apply(new Layer.ChannelSlice(from, count), x);
            sum = sum == null
                    ? part
                    : s.child("add").apply(new Layer.Add(), sum, chance(rng, 50) ? part : tanh(s, part));
        }
        if (count == channels && sum != null) {
            sum = b.root().child("whole").apply(new Layer.Add(), sum, x);
        }
        return b.build(sum == null ? x : sum);
    }

    /** Of the input itself, functions of it, and slices of it, some of them twice. */
    static Graph concat(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(any(rng));
        List<Node> inputs = new ArrayList<>();
        for (int i = 0; i < between(rng, 1, 4); i++) {
            Scope s = b.root().child("part").child(i);
            int from = rng.nextInt(x.shape().size(0));
            inputs.add(
                    switch (rng.nextInt(4)) {
                        case 0 -> x;
                        case 1 -> tanh(s, x);
                        case 2 ->
                            s.apply(
                                    new Layer.ChannelSlice(
                                            from, between(rng, 1, x.shape().size(0) - from)),
                                    x);
                        default -> inputs.isEmpty() ? tanh(s, x) : inputs.getFirst();
                    });
        }
        Node y = b.root().child("layer").apply(new Layer.Concat(), inputs.toArray(Node[]::new));
        if (chance(rng, 30) && x.shape().rank() == 3) {
            Layer.Conv2d conv = new Layer.Conv2d(y.shape().size(0), channels(rng), Kernel2d.square(1, 1, 0), 1, false);
            y = b.root().child("conv").conv2d(y, conv);
        }
        return b.build(y);
    }

    /** Alone, and as ShuffleNetV2 has it: halves, one of them changed, concatenated, shuffled and split again. */
    static Graph shuffle(Rng rng, int batch) {
        int groups = between(rng, 1, 9);
        int perGroup = chance(rng, 50) ? between(rng, 1, 9) : between(rng, 10, 40);
        int h = between(rng, 1, 9);
        if (chance(rng, 60)) {
            return one(rng, Shape.of(groups * perGroup, h, between(rng, 1, 9)), new Layer.ChannelShuffle(groups));
        }
        GraphBuilder b = new GraphBuilder();
        int half = chance(rng, 80) ? 2 * perGroup : perGroup;
        Node x = tanh(b.root(), b.input(Shape.of(2 * half, h, between(rng, 1, 9))));
        for (int i = 0; i < between(rng, 1, 3); i++) {
            Scope s = b.root().child("layer").child(i);
            Node first = s.child("first").apply(new Layer.ChannelSlice(0, half), x);
            Node second = s.child("second").apply(new Layer.ChannelSlice(half, half), x);
            List<Node> parts = new ArrayList<>(List.of(first, tanh(s, second)));
            if (chance(rng, 20)) {
                Collections.swap(parts, 0, 1);
            }
            x = s.child("concat").apply(new Layer.Concat(), parts.toArray(Node[]::new));
            x = s.child("shuffle").apply(new Layer.ChannelShuffle(2), x);
            if (chance(rng, 20)) {
                x = s.child("add").apply(new Layer.Add(), x, tanh(s.child("again"), x));
            }
        }
        return b.build(x);
    }

    static Graph radixPool(Rng rng, int batch) {
        int radix = between(rng, 1, 4);
        return one(rng, image(rng, radix * channels(rng)), new Layer.RadixPool(radix));
    }

    static Graph radixSoftmax(Rng rng, int batch) {
        int radix = between(rng, 1, 4);
        int groups = between(rng, 1, 3);
        return one(rng, Shape.of(radix * groups * channels(rng), 1, 1), new Layer.RadixSoftmax(radix, groups));
    }

    /** The input's slices, weighed by a function of their own means. */
    static Graph radixSum(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        int radix = between(rng, 1, 4);
        int channels = channels(rng);
        Node input = b.input(image(rng, radix * channels));
        Node x = chance(rng, 70) ? tanh(b.root().child("x"), input) : input;
        Node a = b.root().child("pool").apply(new Layer.RadixPool(radix), input);
        Layer.Conv2d fc = new Layer.Conv2d(channels, radix * channels, Kernel2d.square(1, 1, 0), 1, true);
        a = b.root().child("fc").conv2d(a, fc);
        if (chance(rng, 50)) {
            a = b.root().child("softmax").apply(new Layer.RadixSoftmax(radix, 1), a);
        }
        return b.build(b.root().child("layer").apply(new Layer.RadixSum(radix), x, a));
    }

    private static Shape image(Rng rng, int channels) {
        return Shape.of(channels, between(rng, 1, 15), between(rng, 1, 15));
    }

    private static Node tanh(Scope s, Node x) {
        return s.child("tanh").apply(new Layer.Activation(Function.TANH), x);
    }
}
