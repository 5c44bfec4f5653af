package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Init;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The linear layers of a head: features (inChannels) → logits (numClasses). */
sealed interface HeadLayers
        permits HeadLayers.Linear, HeadLayers.Stacked, ResidualAttentionHead, VisionTransformerHead {
    Node build(Scope head, Node x);

    List<InitRule> initRules();

    /** Whether it reads the backbone's map itself, and not features. */
    default boolean readsMap() {
        return false;
    }

    /** mmcls LinearClsHead: {@code fc}. */
    record Linear(int numClasses, int inChannels, List<InitRule> initRules) implements HeadLayers {
        private static final List<InitRule> NORMAL_001 = List.of(InitRule.of(new Init.Normal(0, 0.01), "Linear"));

        static Linear read(Fields f) {
            return new Linear(classes(f), f.integer("in_channels"), InitRule.read(f, NORMAL_001));
        }

        @Override
        public Node build(Scope head, Node x) {
            requireFeatures(inChannels, x);
            return head.child("fc").linear(x, new Layer.Linear(inChannels, numClasses, true));
        }
    }

    /**
     * mmcls StackedLinearClsHead: {@code layers.N.fc}, hidden ones with batch norm, an activation and dropout. They
     * start as PyTorch's linear layers do.
     *
     * @param midChannels features of each hidden layer
     * @param norm of hidden layers; null for none
     * @param activation likewise
     */
    record Stacked(
            int numClasses,
            int inChannels,
            List<Integer> midChannels,
            double dropoutRate,
            @Nullable Norm norm,
            @Nullable Function activation)
            implements HeadLayers {

        static Stacked read(Fields f) {
            f.ignore("init_cfg"); // without effect in mmcls
            List<Integer> mid = f.integers("mid_channels", List.of());
            require(
                    !mid.isEmpty(),
                    "%s: mid_channels of %s must have at least one number",
                    f.dict().at(),
                    f.path());
            if (mid.stream().anyMatch(m -> m < 1)) {
                throw f.error("mid_channels", "must be positive, got " + mid);
            }
            return new Stacked(
                    classes(f),
                    f.integer("in_channels"),
                    mid,
                    f.real("dropout_rate", 0),
                    Norm.readOfFeatures(f),
                    ActConfig.read(f, Function.RELU));
        }

        @Override
        public List<InitRule> initRules() {
            return List.of();
        }

        @Override
        public Node build(Scope head, Node x) {
            requireFeatures(inChannels, x);
            Scope layers = head.child("layers");
            int in = inChannels;
            int next = 0;
            for (int out : midChannels) {
                Scope layer = layers.child(next++);
                x = layer.child("fc").linear(x, new Layer.Linear(in, out, true));
                if (norm != null) {
                    x = norm.build(layer.child("norm"), x);
                }
                if (activation != null) {
                    x = layer.child("act").apply(new Layer.Activation(activation), x);
                }
                if (dropoutRate > 0) {
                    x = layer.child("dropout").apply(new Layer.Dropout(dropoutRate), x);
                }
                in = out;
            }
            return layers.child(next).child("fc").linear(x, new Layer.Linear(in, numClasses, true));
        }
    }

    static int classes(Fields f) {
        int classes = f.integer("num_classes");
        require(classes > 0, "%s: num_classes=%d must be a positive integer", f.path(), classes);
        return classes;
    }

    static void requireFeatures(int inChannels, Node x) {
        require(
                x.shape().size(0) == inChannels,
                "model.head.in_channels is %d, but the neck gives %d features",
                inChannels,
                x.shape().size(0));
    }
}
