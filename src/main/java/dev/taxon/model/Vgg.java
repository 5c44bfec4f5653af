package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Init;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * VGG with mmcls's names. x (3, H, W) → (512, H/32, W/32), or logits when it has classes: then H and W are 224 to 255.
 * Source: Simonyan and Zisserman 2014; mmcls VGG.
 *
 * @param depth 11, 13, 16 or 19 layers with weights
 * @param numClasses size of the classifier; without one (0 or less) the last feature map is the result
 * @param dilations one a stage
 * @param norm after each convolution; null for none
 * @param range counts no stem
 */
record Vgg(
        int depth,
        int numClasses,
        List<Integer> dilations,
        StageRange range,
        @Nullable Norm norm,
        boolean ceilMode,
        boolean withLastPool,
        List<InitRule> init)
        implements Backbone {

    private static final int HIDDEN = 4096;

    Vgg {
        require(
                depth == 11 || depth == 13 || depth == 16 || depth == 19,
                "VGG depth must be 11, 13, 16 or 19, got %d",
                depth);
    }

    static Vgg read(Fields f) {
        int stages = f.integer("num_stages", 5);
        require(
                stages >= 1 && stages <= 5,
                "%s: num_stages must be from 1 to 5, got %d",
                f.dict().at(),
                stages);
        int classes = f.integer("num_classes", -1);
        StageRange range;
        if (classes > 0) {
            f.ignore("out_indices"); // the classifier's output comes last, whatever it says
            range = new StageRange(f.integer("frozen_stages", -1), stages);
        } else {
            range = StageRange.read(f, stages);
        }
        require(!f.has("conv_cfg"), "%s: conv_cfg is not supported, leave it None", f.path());
        Fields act = f.dictOrNull("act_cfg");
        if (act != null) {
            String type = act.text("type", "ReLU");
            require(
                    type.equals("ReLU"),
                    "%s: act_cfg of VGG must be ReLU, got '%s'",
                    act.dict().at(),
                    type);
            act.ignore("inplace").done();
        }
        f.ignore("norm_eval");
        return new Vgg(
                f.integer("depth"),
                classes,
                Stages.each(f, "dilations", List.of(1, 1, 1, 1, 1), stages),
                range,
                f.has("norm_cfg") ? Norm.read(f) : null,
                f.bool("ceil_mode", false),
                f.bool("with_last_pool", true),
                InitRule.read(f, defaultInit()));
    }

    private static List<InitRule> defaultInit() {
        List<InitRule> rules = new ArrayList<>(InitRule.CONVOLUTIONAL);
        rules.add(InitRule.of(new Init.Normal(0, 0.01), "Linear"));
        return rules;
    }

    @Override
    public List<InitRule> initRules() {
        return init;
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(3, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        Scope features = scope.child("features");
        Layer pool = new Layer.MaxPool2d(Kernel2d.square(2, 2, 0), ceilMode);
        int next = 0;
        Node read = x;
        for (int stage = 0; stage < dilations.size(); stage++) {
            for (int i = 0; i < convolutions(stage); i++) {
                x = convModule(range.enter(features.child(next++), stage + 1), x, stage);
            }
            if (withLastPool || stage + 1 < dilations.size()) {
                x = features.child(next++).apply(pool, x);
            }
            read = range.read(read, x, stage + 1);
        }
        return numClasses > 0 ? classifier(scope, read) : read;
    }

    private Node convModule(Scope s, Node x, int stage) {
        int dilation = dilations.get(stage);
        Kernel2d kernel = Kernel2d.square(3, 1, dilation).withDilation(dilation);
        int out = Math.min(64 << stage, 512);
        x = s.child("conv").conv2d(x, new Layer.Conv2d(x.shape().size(0), out, kernel, 1, true));
        if (norm != null) {
            x = range.norm(norm, stage + 1).build(s.child("bn"), x);
        }
        return relu(s.child("activate"), x);
    }

    private Node classifier(Scope scope, Node x) {
        x = scope.child("view").apply(new Layer.Flatten(), x);
        Scope s = scope.child("classifier");
        x = relu(s.child(1), s.child(0).linear(x, new Layer.Linear(512 * 7 * 7, HIDDEN, true)));
        x = s.child(2).apply(new Layer.Dropout(0.5), x);
        x = relu(s.child(4), s.child(3).linear(x, new Layer.Linear(HIDDEN, HIDDEN, true)));
        x = s.child(5).apply(new Layer.Dropout(0.5), x);
        return s.child(6).linear(x, new Layer.Linear(HIDDEN, numClasses, true));
    }

    private static Node relu(Scope s, Node x) {
        return s.apply(new Layer.Activation(Function.RELU), x);
    }

    private int convolutions(int stage) {
        return switch (depth) {
            case 11 -> stage < 2 ? 1 : 2;
            case 13 -> 2;
            case 16 -> stage < 2 ? 2 : 3;
            default -> stage < 2 ? 2 : 4;
        };
    }
}
