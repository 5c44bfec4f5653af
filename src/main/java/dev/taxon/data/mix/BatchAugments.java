package dev.taxon.data.mix;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.random.Rng;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run does to each training batch: one of several ways, each with a probability. Labels become distributions
 * over {@code classes}. Source: mmcls 0.25, Augments (the key {@code train_cfg}).
 *
 * @param choices their probabilities sum to 1
 * @param classes 0: batches keep their class indices, and there are no choices
 */
public record BatchAugments(List<Choice> choices, int classes) {
    /** Batches stay as they are. */
    public static final BatchAugments NONE = new BatchAugments(List.of(), 0);

    private static final List<String> TYPES = List.of("BatchMixup", "BatchCutMix", "BatchResizeMix", "Identity");
    private static final double ROUNDING = 1e-6; // of a sum of probabilities

    record Choice(BatchAugment augment, double probability) {}

    public BatchAugments {
        choices = List.copyOf(choices);
    }

    /** Nothing is mixed, but labels become rows of 0 and one 1. */
    public static BatchAugments oneHot(int classes) {
        return new BatchAugments(List.of(new Choice(new BatchAugment.Identity(), 1)), classes);
    }

    /** Whether labels become distributions. */
    public boolean soft() {
        return classes > 0;
    }

    /** The key {@code train_cfg} of a model: {@code augments}, or mmcls 0.12's {@code mixup} or {@code cutmix}. */
    public static BatchAugments read(@Nullable Fields trainCfg) {
        if (trainCfg == null) {
            return NONE;
        }
        List<Fields> dicts = trainCfg.dicts("augments");
        Fields mixup = trainCfg.dictOrNull("mixup");
        Fields cutmix = trainCfg.dictOrNull("cutmix");
        trainCfg.done();
        int forms = (dicts.isEmpty() ? 0 : 1) + (mixup == null ? 0 : 1) + (cutmix == null ? 0 : 1);
        if (forms > 1) {
            throw UserError.of(
                    "%s: %s has more than one of augments, mixup and cutmix; list them all in augments",
                    trainCfg.dict().at(), trainCfg.path());
        }
        Reader reader = new Reader();
        if (mixup != null) {
            reader.add(mixup, "BatchMixup", 1);
        } else if (cutmix != null) {
            reader.add(cutmix, "BatchCutMix", cutmix.real("cutmix_prob", 1));
        }
        for (Fields f : dicts) {
            reader.add(f, f.text("type"), f.real("prob", 1));
        }
        return reader.result(trainCfg);
    }

    /** Draws what is done to a batch of images of that size. */
    Plan draw(int height, int width, Rng rng) {
        double left = rng.nextDouble();
        for (Choice choice : choices) {
            left -= choice.probability;
            if (left < 0) {
                return choice.augment.draw(height, width, rng);
            }
        }
        return choices.getLast().augment.draw(height, width, rng);
    }

    /** Collects the choices of a config. */
    private static final class Reader {
        private final List<Choice> choices = new ArrayList<>();
        private boolean identity;
        private int classes;

        void add(Fields f, String type, double probability) {
            if (!(probability >= 0 && probability <= 1)) {
                throw f.error("prob", "must be in [0, 1], got " + probability);
            }
            int count = f.integer("num_classes");
            if (count < 1 || (classes != 0 && count != classes)) {
                throw f.error("num_classes", "must be the same positive number in all augments, got " + count);
            }
            classes = count;
            BatchAugment augment = switch (type) {
                case "Identity" -> new BatchAugment.Identity();
                case "BatchMixup" -> new BatchAugment.Mixup(alpha(f));
                case "BatchCutMix" -> new BatchAugment.CutMix(alpha(f), rule(f));
                case "BatchResizeMix" -> resizeMix(f);
                default ->
                    throw f.error("type", "names no batch augment: '" + type + "'; " + Nearest.suggestion(type, TYPES));
            };
            identity |= augment instanceof BatchAugment.Identity;
            f.done();
            choices.add(new Choice(augment, probability));
        }

        BatchAugments result(Fields trainCfg) {
            if (choices.isEmpty()) {
                return NONE;
            }
            double sum = choices.stream().mapToDouble(Choice::probability).sum();
            if (sum > 1 + ROUNDING || (identity && sum < 1 - ROUNDING)) {
                throw trainCfg.error(
                        "augments",
                        "must have probabilities (prob) that sum to " + (identity ? "1" : "at most 1") + ", got "
                                + sum);
            }
            if (sum < 1 - ROUNDING) {
                choices.add(new Choice(new BatchAugment.Identity(), 1 - sum));
            }
            return new BatchAugments(choices, classes);
        }

        private static double alpha(Fields f) {
            double alpha = f.real("alpha");
            if (!(alpha > 0)) {
                throw f.error("alpha", "must be positive, got " + alpha);
            }
            return alpha;
        }

        private static BoxRule rule(Fields f) {
            return new BoxRule(f.reals("cutmix_minmax", List.of()), f.bool("correct_lam", true));
        }

        private static BatchAugment resizeMix(Fields f) {
            double least = f.real("lam_min", 0.1);
            double most = f.real("lam_max", 0.8);
            if (!(least >= 0 && least <= most && most <= 1)) {
                throw f.error(
                        "lam_min", "and lam_max must be 0 <= lam_min <= lam_max <= 1, got " + least + ", " + most);
            }
            String name = f.text("interpolation", Resampling.BILINEAR.key());
            for (Resampling way : Resampling.values()) {
                if (way.key().equals(name)) {
                    return new BatchAugment.ResizeMix(alpha(f), rule(f), least, most, way);
                }
            }
            throw f.error("interpolation", "must be nearest, bilinear, bicubic or area, got '" + name + "'");
        }
    }
}
