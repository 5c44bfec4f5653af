package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Init;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last part of a classifier: features (C) → logits (classes), and the loss on them.
 *
 * @param linear the linear layer of a LinearClsHead; null for a ClsHead, whose input are the logits
 * @param topk which accuracies the training log shows with {@code calAcc}
 */
record Head(@Nullable Linear linear, Loss loss, List<Integer> topk, boolean calAcc) {
    /** @param init of the linear layer */
    record Linear(int numClasses, int inChannels, List<InitRule> init) {}

    private static final List<InitRule> NORMAL_001 = List.of(InitRule.of(new Init.Normal(0, 0.01), "Linear"));

    static Head readLinear(Fields f) {
        int classes = f.integer("num_classes");
        require(classes > 0, "%s: num_classes=%d must be a positive integer", f.path(), classes);
        Linear linear = new Linear(classes, f.integer("in_channels"), InitRule.read(f, NORMAL_001));
        return common(f, linear);
    }

    static Head readPlain(Fields f) {
        f.ignore("init_cfg");
        return common(f, null);
    }

    private static Head common(Fields f, @Nullable Linear linear) {
        return new Head(linear, Loss.read(f), f.integers("topk", List.of(1)), f.bool("cal_acc", false));
    }

    List<InitRule> initRules() {
        return linear == null ? List.of() : linear.init();
    }

    /** x: features or logits, per sample a vector. Returns the logits. */
    Node build(Scope scope, Node x) {
        if (x.shape().rank() != 1) {
            x = scope.child("flatten").apply(new Layer.Flatten(), x);
        }
        if (linear == null) {
            return x;
        }
        require(
                x.shape().size(0) == linear.inChannels,
                "model.head.in_channels is %d, but the neck gives %d features",
                linear.inChannels,
                x.shape().size(0));
        return scope.child("fc").linear(x, new Layer.Linear(linear.inChannels, linear.numClasses, true));
    }
}
