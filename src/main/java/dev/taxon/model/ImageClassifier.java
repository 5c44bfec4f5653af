package dev.taxon.model;

import static dev.taxon.UserError.require;
import static java.util.Map.entry;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.data.mix.BatchAugments;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Init;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The config key {@code model}: backbone, neck and head, from which graphs for any input size are built. */
public final class ImageClassifier {
    private static final Map<String, Function<Fields, Backbone>> BACKBONES = new TreeMap<>(Map.ofEntries(
            entry("AlexNet", AlexNet::read),
            entry("LeNet5", LeNet5::read),
            entry("MobileNetV2", MobileNetV2::read),
            entry("MobileNetV3", MobileNetV3::read),
            entry("MobileNetv3", FirstMobileNetV3::read), // mmcls 0.12's
            entry("RegNet", RegNet::read),
            entry("DenseNet", DenseNet::read),
            entry("RepVGG", RepVgg::read),
            entry("Res2Net", Res2Net::read),
            entry("ResNeSt", ResNeSt::read),
            entry("ResNeXt", ResNet::readResNeXt),
            entry("ResNet", f -> ResNet.read(f, false, false, false)),
            entry("ResNetV1c", f -> ResNet.read(f, false, true, false)),
            entry("ResNetV1d", f -> ResNet.read(f, false, true, true)),
            entry("ResNet_CIFAR", f -> ResNet.read(f, true, false, false)),
            entry("ResNetCifarA", ResNetCifarA::read),
            entry("SEResNet", ResNet::readSEResNet),
            entry("SEResNeXt", ResNet::readSEResNeXt),
            entry("ShuffleNetV1", ShuffleNetV1::read),
            entry("ShuffleNetV2", ShuffleNetV2::read),
            entry("VGG", Vgg::read),
            entry("VisionTransformer", VisionTransformerReader::read)));
    private static final Map<String, Function<Fields, Neck>> NECKS = new TreeMap<>(Map.of(
            "GeneralizedMeanPooling", Neck.GeneralizedMean::read, "GlobalAveragePooling", Neck.GlobalAverage::read));
    private static final Map<String, Function<Fields, Head>> HEADS = new TreeMap<>(Map.of(
            "CSRAClsHead", Head::readResidualAttention,
            "ClsHead", Head::readPlain,
            "LinearClsHead", Head::readLinear,
            "MultiLabelClsHead", Head::readMultiLabel,
            "MultiLabelLinearClsHead", Head::readMultiLabelLinear,
            "StackedLinearClsHead", Head::readStacked,
            "VisionTransformerClsHead", Head::readVisionTransformer));

    private final Backbone backbone;
    private final @Nullable Neck neck;
    private final Head head;
    private final BatchAugments batchAugments;
    private final List<Pretrained> pretrained;
    private final List<InitRule> init; // of the classifier itself: a part's own rules win over them

    private ImageClassifier(
            Backbone backbone,
            @Nullable Neck neck,
            Head head,
            BatchAugments batchAugments,
            List<Pretrained> pretrained,
            List<InitRule> init) {
        this.backbone = backbone;
        this.neck = neck;
        this.head = head;
        this.batchAugments = batchAugments;
        this.pretrained = List.copyOf(pretrained);
        this.init = init;
    }

    /** Reads and checks {@code model}; the network itself is checked by {@link #graph}. */
    public static ImageClassifier read(Fields model) {
        String type = model.text("type");
        require(
                type.equals("ImageClassifier"),
                "%s: model.type must be 'ImageClassifier', got '%s'",
                model.dict().at(),
                type);
        List<Pretrained> pretrained = pretrained(model);
        List<InitRule> init = InitRule.read(model, List.of());
        Backbone backbone = of(model.dict("backbone"), BACKBONES, "backbone");
        Fields neckFields = model.dictOrNull("neck");
        Neck neck = neckFields == null ? null : of(neckFields, NECKS, "neck");
        Head head = of(model.dict("head"), HEADS, "head");
        BatchAugments batchAugments = BatchAugments.read(model.dictOrNull("train_cfg"));
        model.done();
        return new ImageClassifier(backbone, neck, head, batchAugments, pretrained, init);
    }

    /** Weights for the whole model, or else for its parts: mmcv lets the parts' own not overwrite the whole's. */
    private static List<Pretrained> pretrained(Fields model) {
        List<Pretrained> all = new ArrayList<>(Pretrained.read(model, ""));
        String old = model.textOrNull("pretrained");
        if (old != null) {
            all.add(new Pretrained("", old, null));
        }
        if (all.isEmpty()) {
            for (String part : List.of("backbone", "neck", "head")) {
                Fields f = model.dictOrNull(part);
                all.addAll(f == null ? List.of() : Pretrained.read(f, part));
            }
        }
        return all;
    }

    private static <T> T of(Fields f, Map<String, Function<Fields, T>> known, String what) {
        String type = f.text("type");
        Function<Fields, T> reader = known.get(type);
        if (reader == null) {
            throw UserError.of(
                    "%s: unknown %s '%s'; %s", f.dict().at(), what, type, Nearest.suggestion(type, known.keySet()));
        }
        T spec = reader.apply(f);
        f.done();
        return spec;
    }

    /** Names that {@code model.backbone.type} takes. */
    public static List<String> backboneTypes() {
        return List.copyOf(BACKBONES.keySet());
    }

    /** Names that {@code model.head.type} takes. */
    public static List<String> headTypes() {
        return List.copyOf(HEADS.keySet());
    }

    /** (C, H, W) that this kind of network is usually measured at. */
    public Shape exampleInput() {
        return backbone.exampleInput();
    }

    /**
     * The network for one input size.
     *
     * @param input (C, H, W) of a sample
     * @return a graph whose output are the logits (classes), with the head's loss
     */
    public Graph graph(Shape input) {
        GraphBuilder builder = new GraphBuilder();
        Scope root = builder.root();
        Node x = backbone.build(root.child("backbone"), builder.input(input));
        if (neck != null) {
            x = neck.build(root.child("neck"), x);
        }
        Node logits = head.build(root.child("head"), x);
        Node target = builder.target(logits.shape().size(0), head.softTargets() || batchAugments.soft());
        return builder.build(logits, head.loss(root.child("head"), logits, target));
    }

    /** Whether a sample has any number of classes: scores are sigmoids then, else a softmax. */
    public boolean multiLabel() {
        return head.multiLabel();
    }

    /** How each parameter of {@link #graph} starts, by name. */
    public Map<String, Init> inits(Graph graph) {
        Map<String, Init> inits = new HashMap<>();
        for (Node node : graph.nodes()) {
            for (Parameter parameter : node.parameters()) {
                inits.put(parameter.name(), parameter.init());
                boolean ofHead = node.name().startsWith("head.");
                List<InitRule> own = ofHead ? head.initRules() : backbone.initRules();
                init.stream().filter(r -> r.matches(node)).forEach(r -> inits.put(parameter.name(), r.init(parameter)));
                own.stream().filter(r -> r.matches(node)).forEach(r -> inits.put(parameter.name(), r.init(parameter)));
            }
        }
        return inits;
    }

    /** How training batches are mixed: the key {@code train_cfg}. */
    public BatchAugments batchAugments() {
        return batchAugments;
    }

    /** Weights to load, in this order, into a model that was just initialized; not when a checkpoint follows that has all. */
    public List<Pretrained> pretrained() {
        return pretrained;
    }

    /** Which top-k accuracies the training log shows; empty without {@code cal_acc}. */
    public List<Integer> loggedAccuracies() {
        return head.calAcc() ? head.topk() : List.of();
    }
}
