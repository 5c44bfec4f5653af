package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.Init;
import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of an mmcv {@code init_cfg}: the weights and biases of some layers start in a given way.
 *
 * @param layers mmcv's class names ({@code Conv2d}, {@code _BatchNorm}, {@code Linear}, …); empty matches none
 * @param suffix end of the node's name, such as {@code .bn2}; empty matches every name
 */
record InitRule(Init weight, Init bias, List<String> layers, String suffix) {
    InitRule {
        layers = List.copyOf(layers);
    }

    static InitRule of(Init weight, String... layers) {
        return new InitRule(weight, Init.ZEROS, List.of(layers), "");
    }

    /** The default of mmcls's convolutional backbones: Kaiming normal (fan_out, relu), norms 1 and 0. */
    static final List<InitRule> CONVOLUTIONAL =
            List.of(of(new Init.Kaiming(0, true, true, false), "Conv2d"), of(Init.ONES, "_BatchNorm", "GroupNorm"));

    /** LeCun's normal, as mmcls's vision transformers start their patch embedding. */
    static final InitRule LECUN_CONV = of(new Init.Kaiming(1, false, false, false), "Conv2d");

    /** Those rules, and norms of this suffix, the last ones of residual blocks, at 0: each block starts as the identity. */
    static List<InitRule> withZeroResidual(List<InitRule> rules, String suffix) {
        List<InitRule> all = new ArrayList<>(rules);
        all.add(new InitRule(Init.ZEROS, Init.ZEROS, List.of("_BatchNorm"), suffix));
        return all;
    }

    /** The same, for names that end so. */
    InitRule at(String suffix) {
        return new InitRule(weight, bias, layers, suffix);
    }

    boolean matches(Node node) {
        return node.name().endsWith(suffix) && layers.stream().anyMatch(l -> names(node.layer(), l));
    }

    Init init(Parameter parameter) {
        return parameter.role() == Parameter.Role.WEIGHT ? weight : bias;
    }

    private static boolean names(Layer layer, String mmcvName) {
        return switch (layer) {
            case Layer.Conv2d l -> mmcvName.equals("Conv2d");
            case Layer.ResidualAttention l -> mmcvName.equals("Conv2d");
            case Layer.GeneralizedMeanPool l -> false;
            case Layer.BatchNorm2d l -> mmcvName.equals("BatchNorm2d") || mmcvName.equals("_BatchNorm");
            case Layer.Linear l -> mmcvName.equals("Linear");
            case Layer.LayerNorm l -> mmcvName.equals("LayerNorm");
            case Layer.ImageToTokens l -> false;
            case Layer.TokensToImage l -> false;
            case Layer.TokenSlice l -> false;
            case Layer.ClassToken l -> false;
            case Layer.PositionEmbedding l -> false;
            case Layer.Attention l -> false;
            case Layer.DropPath l -> false;
            case Layer.Input l -> false;
            case Layer.Target l -> false;
            case Layer.Activation l -> false;
            case Layer.MaxPool2d l -> false;
            case Layer.AvgPool2d l -> false;
            case Layer.GlobalAvgPool l -> false;
            case Layer.Add l -> false;
            case Layer.ChannelScale l -> false;
            case Layer.Flatten l -> false;
            case Layer.Dropout l -> false;
            case Layer.ShortcutA l -> false;
            case Layer.ChannelSlice l -> false;
            case Layer.Concat l -> false;
            case Layer.ChannelShuffle l -> false;
            case Layer.RadixPool l -> false;
            case Layer.RadixSoftmax l -> false;
            case Layer.RadixSum l -> false;
            case LossLayer l -> false;
        };
    }

    /** The rules of the key {@code init_cfg}, a dict or a list of dicts; {@code otherwise} when absent. */
    static List<InitRule> read(Fields owner, List<InitRule> otherwise) {
        if (!owner.has("init_cfg")) {
            return otherwise;
        }
        List<InitRule> rules = new ArrayList<>();
        for (Fields f : owner.dicts("init_cfg")) {
            if (!f.text("type").equals(Pretrained.TYPE)) { // ImageClassifier reads that
                rules.add(read(f));
                f.done();
            }
        }
        return rules;
    }

    private static InitRule read(Fields f) {
        String type = f.text("type");
        boolean uniform = f.text("distribution", "normal").equals("uniform");
        Init init = switch (type) {
            case "Kaiming" -> {
                String mode = f.text("mode", "fan_out");
                require(
                        mode.equals("fan_out") || mode.equals("fan_in"),
                        "%s: mode must be 'fan_in' or 'fan_out', got '%s'",
                        f.path(),
                        mode);
                String nonlinearity = f.text("nonlinearity", "relu");
                // a linear gain is 1: that of a leaky ReLU whose two slopes are 1
                double slope = nonlinearity.equals("linear") ? 1 : f.real("a", 0);
                f.ignore("a");
                yield new Init.Kaiming(slope, mode.equals("fan_out"), nonlinearity.equals("relu"), uniform);
            }
            case "Constant" -> new Init.Constant(f.real("val"));
            case "Normal" -> new Init.Normal(f.real("mean", 0), f.real("std", 1));
            case "Xavier" -> new Init.Xavier(f.real("gain", 1), uniform);
            case "Uniform" -> new Init.Uniform(f.real("a", 0), f.real("b", 1));
            case "TruncNormal" ->
                new Init.TruncatedNormal(f.real("mean", 0), f.real("std", 1), f.real("a", -2), f.real("b", 2));
            case "Caffe2Xavier" -> new Init.Kaiming(1, false, false, true);
            default ->
                throw UserError.of(
                        "%s: unknown initializer '%s' in %s; known are Caffe2Xavier, Constant, Kaiming, Normal, TruncNormal, Uniform, Xavier",
                        f.dict().at(), type, f.path());
        };
        return new InitRule(init, new Init.Constant(f.real("bias", 0)), f.texts("layer", List.of()), "");
    }
}
