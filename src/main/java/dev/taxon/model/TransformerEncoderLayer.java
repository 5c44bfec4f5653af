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
 * x + attention(norm(x)), then x + feedforward(norm(x)). x (L, C) → (L, C). Source: Dosovitskiy et al. 2020, formulas 2 and
 * 3; mmcls TransformerEncoderLayer.
 *
 * @param dropRate behind the projection of the attention and each linear layer of the feedforward
 * @param dropPathRate of either sum's second term
 * @param fullyConnected linear layers of the feedforward
 */
record TransformerEncoderLayer(
        int embedDims,
        int heads,
        int feedforwardChannels,
        double dropRate,
        double attentionDropRate,
        double dropPathRate,
        int fullyConnected,
        boolean qkvBias,
        Function activation,
        TokenNorm norm) {

    TransformerEncoderLayer {
        require(feedforwardChannels > 0, "feedforward_channels must be positive, got %d", feedforwardChannels);
        require(fullyConnected >= 2, "num_fcs should be no less than 2, got %d", fullyConnected);
        require(embedDims % heads == 0, "num_heads=%d must divide embed_dims=%d", heads, embedDims);
    }

    /** This layer with what a dict of {@code layer_cfgs} says instead. */
    TransformerEncoderLayer read(Fields f) {
        TransformerEncoderLayer layer = new TransformerEncoderLayer(
                embedDims,
                f.integer("num_heads", heads),
                f.integer("feedforward_channels", feedforwardChannels),
                f.real("drop_rate", dropRate),
                f.real("attn_drop_rate", attentionDropRate),
                f.real("drop_path_rate", dropPathRate),
                f.integer("num_fcs", fullyConnected),
                f.bool("qkv_bias", qkvBias),
                activation(f),
                TokenNorm.read(f, norm));
        f.done();
        return layer;
    }

    /** {@code act_cfg}; GELU without it. */
    static Function activation(Fields owner) {
        Fields f = owner.dictOrNull("act_cfg");
        if (f == null) {
            return Function.GELU;
        }
        String type = f.text("type");
        f.ignore("inplace").done();
        return switch (type) {
            case "GELU" -> Function.GELU;
            case "ReLU" -> Function.RELU;
            default ->
                throw UserError.of(
                        "%s: act_cfg of %s must be GELU or ReLU, got '%s'",
                        f.dict().at(), owner.path(), type);
        };
    }

    /** mmcls starts the feedforward so whatever the backbone's init_cfg says. */
    List<InitRule> initRules() {
        List<InitRule> rules = new ArrayList<>();
        for (int i = 0; i < fullyConnected; i++) {
            String suffix = ".ffn.layers." + name(i);
            rules.add(new InitRule(new Init.Xavier(1, true), new Init.Normal(0, 1e-6), List.of("Linear"), suffix));
        }
        return rules;
    }

    // Hidden linear layers stand in a Sequential with their activation, the last one stands alone.
    private String name(int linear) {
        return linear < fullyConnected - 1 ? linear + ".0" : Integer.toString(linear);
    }

    Node build(Scope scope, Node x) {
        Node attended = norm.build(scope.child("ln1"), x);
        attended = attention(scope.child("attn"), attended);
        x = scope.child("add1").apply(new Layer.Add(), x, attended);
        Node fed = norm.build(scope.child("ln2"), x);
        fed = feedforward(scope.child("ffn"), fed);
        return scope.child("add2").apply(new Layer.Add(), x, fed);
    }

    private Node attention(Scope scope, Node x) {
        x = scope.child("qkv").linear(x, new Layer.Linear(embedDims, 3 * embedDims, qkvBias));
        x = scope.apply(new Layer.Attention(embedDims, heads, attentionDropRate), x);
        x = scope.child("proj").linear(x, new Layer.Linear(embedDims, embedDims, true));
        return dropPath(scope.child("out_drop"), dropout(scope.child("proj_drop"), x));
    }

    private Node feedforward(Scope scope, Node x) {
        Scope layers = scope.child("layers");
        for (int i = 0; i < fullyConnected - 1; i++) {
            Scope layer = layers.child(i);
            int in = x.shape().size(-1);
            x = layer.child(0).linear(x, new Layer.Linear(in, feedforwardChannels, true));
            x = layer.child("activate").apply(new Layer.Activation(activation), x);
            x = dropout(layer.child(2), x);
        }
        Scope last = layers.child(fullyConnected - 1);
        x = last.linear(x, new Layer.Linear(feedforwardChannels, embedDims, true));
        x = dropout(layers.child(fullyConnected), x);
        return dropPath(scope.child("dropout_layer"), x);
    }

    private Node dropout(Scope scope, Node x) {
        return dropRate > 0 ? scope.apply(new Layer.Dropout(dropRate), x) : x;
    }

    private Node dropPath(Scope scope, Node x) {
        return dropPathRate > 0 ? scope.apply(new Layer.DropPath(dropPathRate), x) : x;
    }
}
