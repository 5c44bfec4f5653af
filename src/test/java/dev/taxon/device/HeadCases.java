package dev.taxon.device;

import static dev.taxon.device.LayerCases.between;
import static dev.taxon.device.LayerCases.chance;
import static dev.taxon.device.LayerCases.channels;
import static dev.taxon.device.LayerCases.layer;

import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Node;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;

/** Random small graphs around the layers that necks and heads have of their own. */
final class HeadCases {
    private HeadCases() {}

    /** Of positive values, or of (x + 1)/2, half of which lie below eps; of one pixel the mean would not know its exponent. */
    static Graph generalizedMeanPool(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(Shape.of(channels(rng), between(rng, 3, 15), between(rng, 4, 15)));
        boolean positive = chance(rng, 50);
        Function before = positive ? Function.SIGMOID : new HardSigmoid(1, 2, -9, 9);
        x = b.root().child("before").apply(new Layer.Activation(before), x);
        Layer.GeneralizedMeanPool pool =
                new Layer.GeneralizedMeanPool(positive ? 1e-6 : 0.5, !positive || chance(rng, 50));
        return b.build(layer(rng, b).generalizedMeanPool(x, pool, 3));
    }

    /** At least 5 channels: with one, the direction of a filter is all that a gradient could turn. */
    static Graph residualAttention(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(Shape.of(between(rng, 5, 40), between(rng, 1, 9), between(rng, 1, 9)));
        double temperature = chance(rng, 30) ? Double.POSITIVE_INFINITY : between(rng, 1, 7);
        Layer.ResidualAttention layer = new Layer.ResidualAttention(
                x.shape().size(0), between(rng, 1, 21), temperature, rng.uniform(0.05, 1.5));
        return b.build(layer(rng, b).child("head").residualAttention(x, layer));
    }
}
