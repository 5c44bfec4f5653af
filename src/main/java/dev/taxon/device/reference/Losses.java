package dev.taxon.device.reference;

import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;

/** The arithmetic of each loss. */
final class Losses {
    private Losses() {}

    static Op of(
            LossLayer layer,
            Node node,
            int batch,
            ReferenceWeights weights,
            Variable logits,
            Variable targets,
            Variable loss) {
        return switch (layer) {
            case LossLayer.SoftmaxCrossEntropy l -> new CrossEntropy(l, batch, logits, targets, loss);
            case LossLayer.BinaryCrossEntropy l ->
                new ElementLoss(l, new ElementLoss.Binary(l), batch, logits, targets, loss);
            case LossLayer.FocalLoss l ->
                new ElementLoss(l, new ElementLoss.Focal(l.gamma(), l.alpha()), batch, logits, targets, loss);
            case LossLayer.AsymmetricLoss l -> new Asymmetric(l, batch, logits, targets, loss);
            case LossLayer.SeesawLoss l -> new Seesaw(l, batch, node, weights, logits, targets, loss);
        };
    }
}
