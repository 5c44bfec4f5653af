package dev.taxon.model;

import dev.taxon.config.Fields;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last part of a classifier: features (C) → logits (classes), and the loss on them.
 *
 * @param linear the layers of a head that has some; null for a ClsHead, whose input are the logits
 * @param topk which accuracies the training log shows with {@code calAcc}
 * @param multiLabel a sample has any number of classes: targets are rows (N, classes), scores are sigmoids
 */
record Head(@Nullable HeadLayers linear, Loss loss, List<Integer> topk, boolean calAcc, boolean multiLabel) {

    static Head readLinear(Fields f) {
        return common(f, HeadLayers.Linear.read(f));
    }

    static Head readStacked(Fields f) {
        return common(f, HeadLayers.Stacked.read(f));
    }

    static Head readVisionTransformer(Fields f) {
        return common(f, VisionTransformerHead.read(f));
    }

    static Head readPlain(Fields f) {
        f.ignore("init_cfg");
        return common(f, null);
    }

    static Head readMultiLabel(Fields f) {
        f.ignore("init_cfg");
        return new Head(null, Loss.readMultiLabel(f), List.of(), false, true);
    }

    static Head readMultiLabelLinear(Fields f) {
        return new Head(HeadLayers.Linear.read(f), Loss.readMultiLabel(f), List.of(), false, true);
    }

    static Head readResidualAttention(Fields f) {
        return new Head(ResidualAttentionHead.read(f), Loss.readMultiLabel(f), List.of(), false, true);
    }

    private static Head common(Fields f, @Nullable HeadLayers linear) {
        List<Integer> topk = f.integers("topk", List.of(1));
        if (topk.isEmpty() || topk.stream().anyMatch(k -> k < 1)) {
            throw f.error("topk", "must be positive, got " + topk);
        }
        return new Head(linear, Loss.read(f), topk, f.bool("cal_acc", false), false);
    }

    List<InitRule> initRules() {
        return linear == null ? List.of() : linear.initRules();
    }

    /** Whether targets are rows (N, classes). */
    boolean softTargets() {
        return multiLabel || loss.soft();
    }

    /** x: features or logits, per sample a vector. Returns the logits. */
    Node build(Scope scope, Node x) {
        scope.child("compute_loss"); // mmcls registers it first
        if (x.shape().rank() != 1 && (linear == null || !linear.readsMap())) {
            x = scope.child("flatten").apply(new Layer.Flatten(), x);
        }
        return linear == null ? x : linear.build(scope, x);
    }

    /** The loss of these logits. */
    Node loss(Scope scope, Node logits, Node target) {
        return loss.build(scope.child("compute_loss"), logits, target);
    }
}
