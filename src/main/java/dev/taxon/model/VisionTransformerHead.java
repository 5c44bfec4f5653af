package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.Init;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * mmcls VisionTransformerClsHead: {@code layers.pre_logits} with an activation, when there is a hidden dimension, and {@code
 * layers.head}. x is the class token (inChannels).
 *
 * @param hiddenDim 0 for no hidden layer
 * @param configured rules of init_cfg; without one linear layers start at 0
 */
record VisionTransformerHead(
        int numClasses, int inChannels, int hiddenDim, Function activation, List<InitRule> configured)
        implements HeadLayers {

    static VisionTransformerHead read(Fields f) {
        return new VisionTransformerHead(
                HeadLayers.classes(f),
                f.integer("in_channels"),
                hiddenDim(f),
                activation(f),
                InitRule.read(f, List.of(InitRule.of(Init.ZEROS, "Linear"))));
    }

    private static int hiddenDim(Fields f) {
        int hidden = f.integer("hidden_dim", 0);
        require(!f.has("hidden_dim") || hidden > 0, "%s: hidden_dim must be positive, got %d", f.path(), hidden);
        return hidden;
    }

    private static Function activation(Fields owner) {
        Fields f = owner.dictOrNull("act_cfg");
        if (f == null) {
            return Function.TANH;
        }
        String type = f.text("type");
        f.ignore("inplace").done();
        return switch (type) {
            case "Tanh" -> Function.TANH;
            case "ReLU" -> Function.RELU;
            case "GELU" -> Function.GELU;
            default ->
                throw UserError.of(
                        "%s: act_cfg of %s must be Tanh, ReLU or GELU, got '%s'",
                        f.dict().at(), owner.path(), type);
        };
    }

    /** mmcls starts the hidden layer so whatever init_cfg says. */
    @Override
    public List<InitRule> initRules() {
        List<InitRule> rules = new ArrayList<>(configured);
        Init lecun = new Init.TruncatedNormal(0, Math.sqrt(1.0 / inChannels), -2, 2);
        rules.add(new InitRule(lecun, Init.ZEROS, List.of("Linear"), ".layers.pre_logits"));
        return rules;
    }

    @Override
    public Node build(Scope head, Node x) {
        HeadLayers.requireFeatures(inChannels, x);
        Scope layers = head.child("layers");
        int in = inChannels;
        if (hiddenDim > 0) {
            x = layers.child("pre_logits").linear(x, new Layer.Linear(in, hiddenDim, true));
            x = layers.child("act").apply(new Layer.Activation(activation), x);
            in = hiddenDim;
        }
        return layers.child("head").linear(x, new Layer.Linear(in, numClasses, true));
    }
}
