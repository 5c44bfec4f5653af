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
 * @param linear the layers of a LinearClsHead or StackedLinearClsHead; null for a ClsHead, whose input are the logits
 * @param topk which accuracies the training log shows with {@code calAcc}
 */
record Head(@Nullable HeadLayers linear, Loss loss, List<Integer> topk, boolean calAcc) {

    static Head readLinear(Fields f) {
        return common(f, HeadLayers.Linear.read(f));
    }

    static Head readStacked(Fields f) {
        return common(f, HeadLayers.Stacked.read(f));
    }

    static Head readPlain(Fields f) {
        f.ignore("init_cfg");
        return common(f, null);
    }

    private static Head common(Fields f, @Nullable HeadLayers linear) {
        return new Head(linear, Loss.read(f), f.integers("topk", List.of(1)), f.bool("cal_acc", false));
    }

    List<InitRule> initRules() {
        return linear == null ? List.of() : linear.initRules();
    }

    /** x: features or logits, per sample a vector. Returns the logits. */
    Node build(Scope scope, Node x) {
        if (x.shape().rank() != 1) {
            x = scope.child("flatten").apply(new Layer.Flatten(), x);
        }
        return linear == null ? x : linear.build(scope, x);
    }
}
