package dev.taxon.device;

import static dev.taxon.device.LayerCases.between;
import static dev.taxon.device.LayerCases.chance;

import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.LossLayer.Reduction;
import dev.taxon.graph.Node;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;

/** Random losses on logits. */
final class LossCases {
    private LossCases() {}

    static Graph softmaxCrossEntropy(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        return withLoss(rng, b, b.input(Shape.of(classes(rng))));
    }

    /** Puts targets and a softmax loss of random kind on logits. */
    static Graph withLoss(Rng rng, GraphBuilder b, Node logits) {
        int classes = logits.shape().size(0);
        double e = rng.uniform(0, 0.3);
        LossLayer.Smoothing smoothing =
                chance(rng, 50) ? LossLayer.Smoothing.NONE : new LossLayer.Smoothing(1 - e, e / classes);
        return build(
                rng,
                b,
                logits,
                new LossLayer.SoftmaxCrossEntropy(
                        classes, smoothing, weights(rng, classes), reduction(rng), lossWeight(rng)));
    }

    static Graph binaryCrossEntropy(Rng rng, int batch) {
        int classes = classes(rng);
        return build(
                rng,
                new LossLayer.BinaryCrossEntropy(
                        classes,
                        weights(rng, classes),
                        weights(rng, classes),
                        chance(rng, 50) ? -1 : rng.uniform(0, 0.3),
                        reduction(rng),
                        lossWeight(rng)));
    }

    static Graph focal(Rng rng, int batch) {
        double gamma = chance(rng, 20) ? 0 : rng.uniform(0.5, 4);
        return build(
                rng,
                new LossLayer.FocalLoss(classes(rng), gamma, rng.uniform(0.1, 0.9), reduction(rng), lossWeight(rng)));
    }

    /** The clips are those whose kink lies between the logits of {@link FiniteDifferenceTest}. */
    static Graph asymmetric(Rng rng, int batch) {
        double clip = List.of(0.0, 0.05, 0.2).get(rng.nextInt(3));
        return build(
                rng,
                new LossLayer.AsymmetricLoss(
                        classes(rng),
                        chance(rng, 50) ? 0 : rng.uniform(1, 3),
                        chance(rng, 20) ? 0 : rng.uniform(1, 5),
                        clip,
                        1e-8,
                        chance(rng, 70),
                        reduction(rng),
                        lossWeight(rng)));
    }

    static Graph seesaw(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        int classes = classes(rng);
        Node logits = b.input(Shape.of(classes));
        LossLayer.SeesawLoss loss = new LossLayer.SeesawLoss(
                classes,
                chance(rng, 20) ? 0 : rng.uniform(0.2, 2),
                chance(rng, 20) ? 0 : rng.uniform(0.2, 3),
                chance(rng, 50) ? 1e-2 : 0.2,
                reduction(rng),
                lossWeight(rng));
        Node target = b.target(classes, false);
        return b.build(logits, b.root().child("loss").seesawLoss(logits, target, loss));
    }

    private static Graph build(Rng rng, LossLayer loss) {
        GraphBuilder b = new GraphBuilder();
        return build(rng, b, b.input(Shape.of(loss.classes())), loss);
    }

    private static Graph build(Rng rng, GraphBuilder b, Node logits, LossLayer loss) {
        Node target = b.target(loss.classes(), chance(rng, 50));
        return b.build(logits, b.root().child("loss").apply(loss, logits, target));
    }

    private static int classes(Rng rng) {
        return chance(rng, 10) ? 1000 : between(rng, 2, 40);
    }

    private static List<Double> weights(Rng rng, int classes) {
        return chance(rng, 60)
                ? List.of()
                : Stream.generate(() -> rng.uniform(0.1, 3)).limit(classes).toList();
    }

    private static Reduction reduction(Rng rng) {
        return chance(rng, 60) ? Reduction.BATCH_MEAN : Reduction.values()[rng.nextInt(Reduction.values().length)];
    }

    private static double lossWeight(Rng rng) {
        return chance(rng, 60) ? 1 : rng.uniform(0.1, 3);
    }
}
