package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.Layer.Smoothing;
import org.jspecify.annotations.Nullable;

/**
 * A classification loss over softmax: cross entropy with hard or soft targets, with label smoothing.
 *
 * @param soft targets are distributions (N, classes)
 * @param smoothVal ε of label smoothing, 0 for none
 * @param smoothMode mmcls's {@code original} (1 − ε, ε/K) or {@code classy_vision} (the same with ε/(1 + ε))
 */
record Loss(boolean soft, double smoothVal, String smoothMode, double weight) {
    private static final Loss CROSS_ENTROPY = new Loss(false, 0, "original", 1);

    /** The key {@code loss} of a head. */
    static Loss read(Fields head) {
        @Nullable Fields f = head.dictOrNull("loss");
        if (f == null) {
            return CROSS_ENTROPY;
        }
        String type = f.text("type");
        Loss loss = switch (type) {
            case "CrossEntropyLoss" -> {
                require(!f.bool("use_sigmoid", false), "%s: use_sigmoid is not supported yet", f.path());
                require(!f.has("class_weight"), "%s: class_weight is not supported yet", f.path());
                f.ignore("pos_weight");
                yield new Loss(f.bool("use_soft", false), 0, "original", f.real("loss_weight", 1));
            }
            case "LabelSmoothLoss" -> {
                String mode = f.text("mode", "original");
                require(
                        mode.equals("original") || mode.equals("classy_vision"),
                        "%s: mode '%s' is not supported; known are 'original' and 'classy_vision'",
                        f.path(),
                        mode);
                f.ignore("num_classes");
                double smoothing = f.real("label_smooth_val");
                require(
                        smoothing >= 0 && smoothing < 1,
                        "%s: label_smooth_val must be in [0, 1), got %s",
                        f.path(),
                        smoothing);
                yield new Loss(false, smoothing, mode, f.real("loss_weight", 1));
            }
            default ->
                throw UserError.of(
                        "%s: unknown loss '%s'; known are CrossEntropyLoss, LabelSmoothLoss",
                        f.dict().at(), type);
        };
        String reduction = f.text("reduction", "mean");
        require(reduction.equals("mean"), "%s: reduction must be 'mean', got '%s'", f.path(), reduction);
        f.done();
        return loss;
    }

    Smoothing smoothing(int classes) {
        double epsilon = smoothMode.equals("classy_vision") ? smoothVal / (1 + smoothVal) : smoothVal;
        return new Smoothing(1 - epsilon, epsilon / classes);
    }
}
