package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.LossLayer.Reduction;
import dev.taxon.graph.LossLayer.Smoothing;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import java.util.List;

/**
 * The key {@code loss} of a head.
 *
 * @param path how messages name it
 * @param reduction as the config has it; what mmcls does not average over classes is averaged over the batch
 */
record Loss(String path, Kind kind, Reduction reduction, double weight) {
    private static final String TYPES = "AsymmetricLoss, CrossEntropyLoss, FocalLoss, LabelSmoothLoss, SeesawLoss";

    /** What each type of loss has of its own. */
    sealed interface Kind {
        /** Over softmax; {@code classWeight} is empty for none. */
        record CrossEntropy(boolean soft, List<Double> classWeight) implements Kind {}

        /** {@code use_sigmoid}: each class for itself. */
        record Binary(List<Double> classWeight, List<Double> posWeight) implements Kind {}

        /** {@code numClasses}: what the config says, 0 for nothing. */
        record LabelSmooth(double value, String mode, int numClasses) implements Kind {}

        record Focal(double gamma, double alpha) implements Kind {}

        record Asymmetric(double gammaPos, double gammaNeg, double clip, double eps, boolean sigmoid) implements Kind {}

        record Seesaw(double p, double q, double eps, int numClasses) implements Kind {}
    }

    /** The loss of a head for one class a sample; cross entropy when absent. */
    static Loss read(Fields head) {
        return read(head, new Kind.CrossEntropy(false, List.of()));
    }

    /** The loss of a head for several labels; binary cross entropy when absent. */
    static Loss readMultiLabel(Fields head) {
        Loss loss = read(head, new Kind.Binary(List.of(), List.of()));
        require(
                !(loss.kind instanceof Kind.Seesaw),
                "%s: SeesawLoss takes one class a sample, and %s takes several; give CrossEntropyLoss with use_sigmoid=True, FocalLoss or AsymmetricLoss",
                loss.path,
                head.path());
        return loss;
    }

    private static Loss read(Fields head, Kind otherwise) {
        Fields f = head.dictOrNull("loss");
        if (f == null) {
            return new Loss(head.path() + ".loss", otherwise, Reduction.BATCH_MEAN, 1);
        }
        String type = f.text("type");
        Kind kind = switch (type) {
            case "CrossEntropyLoss" -> crossEntropy(f);
            case "LabelSmoothLoss" -> labelSmooth(f);
            case "FocalLoss" -> new Kind.Focal(notNegative(f, "gamma", 2), f.real("alpha", 0.25));
            case "AsymmetricLoss" -> asymmetric(f);
            case "SeesawLoss" -> seesaw(f);
            default ->
                throw UserError.of(
                        "%s: unknown loss '%s'; known are %s", f.dict().at(), type, TYPES);
        };
        Loss loss = new Loss(f.path(), kind, reduction(f), f.real("loss_weight", 1));
        f.done();
        return loss;
    }

    private static Kind crossEntropy(Fields f) {
        boolean soft = f.bool("use_soft", false);
        List<Double> classWeight = f.reals("class_weight", List.of());
        List<Double> posWeight = f.reals("pos_weight", List.of()); // without use_sigmoid it has no effect in mmcls, too
        if (!f.bool("use_sigmoid", false)) {
            return new Kind.CrossEntropy(soft, classWeight);
        }
        require(
                !soft,
                "%s: %s has use_sigmoid and use_soft; set one of them",
                f.dict().at(),
                f.path());
        return new Kind.Binary(classWeight, posWeight);
    }

    private static Kind labelSmooth(Fields f) {
        double value = f.real("label_smooth_val");
        if (!(value >= 0 && value < 1)) {
            throw f.error("label_smooth_val", "must be in [0, 1), got " + value);
        }
        String mode = f.text("mode", "original");
        if (!List.of("original", "classy_vision", "multi_label").contains(mode)) {
            throw f.error("mode", "must be 'original', 'classy_vision' or 'multi_label', got '" + mode + "'");
        }
        return new Kind.LabelSmooth(value, mode, f.integer("num_classes", 0));
    }

    private static Kind asymmetric(Fields f) {
        double eps = f.real("eps", 1e-8);
        if (!(eps > 0)) {
            throw f.error("eps", "must be positive, got " + eps);
        }
        return new Kind.Asymmetric(
                notNegative(f, "gamma_pos", 0),
                notNegative(f, "gamma_neg", 4),
                Math.max(0, f.real("clip", 0.05)),
                eps,
                f.bool("use_sigmoid", true));
    }

    private static Kind seesaw(Fields f) {
        if (f.bool("use_sigmoid", false)) {
            throw f.error("use_sigmoid", "must be False: a seesaw loss is over softmax");
        }
        double eps = f.real("eps", 1e-2);
        if (!(eps > 0)) {
            throw f.error("eps", "must be positive, got " + eps);
        }
        return new Kind.Seesaw(
                Math.max(0, f.real("p", 0.8)), Math.max(0, f.real("q", 2)), eps, f.integer("num_classes", 1000));
    }

    private static double notNegative(Fields f, String key, double otherwise) {
        double value = f.real(key, otherwise);
        if (!(value >= 0)) {
            throw f.error(key, "must not be negative, got " + value);
        }
        return value;
    }

    private static Reduction reduction(Fields f) {
        String name = f.text("reduction", "mean");
        return switch (name) {
            case "mean" -> Reduction.BATCH_MEAN;
            case "none" -> Reduction.ELEMENT_MEAN; // mmcls takes the mean of what is not reduced
            case "sum" -> Reduction.SUM;
            default -> throw f.error("reduction", "must be 'mean', 'sum' or 'none', got '" + name + "'");
        };
    }

    /** Whether its targets are rows (N, classes) by themselves. */
    boolean soft() {
        return switch (kind) {
            case Kind.CrossEntropy k -> k.soft();
            case Kind.Binary k -> true;
            case Kind.LabelSmooth k -> false;
            case Kind.Focal k -> false;
            case Kind.Asymmetric k -> false;
            case Kind.Seesaw k -> false;
        };
    }

    /** Adds the last node of a graph. */
    Node build(Scope scope, Node logits, Node target) {
        LossLayer layer = layer(logits.shape().size(0));
        return layer instanceof LossLayer.SeesawLoss seesaw
                ? scope.seesawLoss(logits, target, seesaw)
                : scope.apply(layer, logits, target);
    }

    private LossLayer layer(int classes) {
        return switch (kind) {
            case Kind.CrossEntropy k -> softmax(classes, Smoothing.NONE, k.classWeight());
            case Kind.Binary k -> {
                checkWeights("class_weight", k.classWeight(), classes);
                checkWeights("pos_weight", k.posWeight(), classes);
                yield new LossLayer.BinaryCrossEntropy(classes, k.classWeight(), k.posWeight(), -1, reduction, weight);
            }
            case Kind.LabelSmooth k -> labelSmooth(k, classes);
            case Kind.Focal k -> new LossLayer.FocalLoss(classes, k.gamma(), k.alpha(), reduction, weight);
            case Kind.Asymmetric k ->
                new LossLayer.AsymmetricLoss(
                        classes, k.gammaPos(), k.gammaNeg(), k.clip(), k.eps(), k.sigmoid(), reduction, weight);
            case Kind.Seesaw k -> {
                checkClasses(k.numClasses(), classes);
                yield new LossLayer.SeesawLoss(classes, k.p(), k.q(), k.eps(), ofRows(), weight);
            }
        };
    }

    private LossLayer labelSmooth(Kind.LabelSmooth k, int classes) {
        if (k.numClasses() != 0) {
            checkClasses(k.numClasses(), classes);
        }
        if (k.mode().equals("multi_label")) {
            return new LossLayer.BinaryCrossEntropy(classes, List.of(), List.of(), k.value(), reduction, weight);
        }
        double epsilon = k.mode().equals("classy_vision") ? k.value() / (1 + k.value()) : k.value();
        return softmax(classes, new Smoothing(1 - epsilon, epsilon / classes), List.of());
    }

    private LossLayer softmax(int classes, Smoothing smoothing, List<Double> classWeight) {
        checkWeights("class_weight", classWeight, classes);
        return new LossLayer.SoftmaxCrossEntropy(classes, smoothing, classWeight, ofRows(), weight);
    }

    /** A loss over softmax has one number a sample: the mean of them is that over the batch. */
    private Reduction ofRows() {
        return reduction == Reduction.ELEMENT_MEAN ? Reduction.BATCH_MEAN : reduction;
    }

    private void checkWeights(String key, List<Double> weights, int classes) {
        require(
                weights.isEmpty() || weights.size() == classes,
                "%s.%s must have a number for each of the model's %d classes, got %d",
                path,
                key,
                classes,
                weights.size());
    }

    private void checkClasses(int numClasses, int classes) {
        require(
                numClasses == classes,
                "%s.num_classes is %d, but the model has %d classes; set it to %d",
                path,
                numClasses,
                classes,
                classes);
    }
}
