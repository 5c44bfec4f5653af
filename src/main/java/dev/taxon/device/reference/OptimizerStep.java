package dev.taxon.device.reference;

import dev.taxon.device.Weights.Slot;
import dev.taxon.optim.Moments;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import dev.taxon.tensor.Region;

/** An update rule on a range of the regions, element by element, one float32 rounding an operation. */
final class OptimizerStep {
    private final ReferenceWeights weights;
    private final Update update;
    private final Region values;
    private final Region gradients;

    private OptimizerStep(ReferenceWeights weights, Update update) {
        this.weights = weights;
        this.update = update;
        values = weights.region(Slot.VALUE);
        gradients = weights.region(Slot.GRADIENT);
    }

    static void run(ReferenceWeights weights, Update update) {
        OptimizerStep step = new OptimizerStep(weights, update);
        if (update.rule() instanceof UpdateRule.Lamb lamb) {
            step.lamb(lamb);
        } else {
            for (long i = update.offset(); i < update.offset() + update.length(); i++) {
                step.values.set(i, step.element(i));
            }
        }
    }

    /** The new value of an element; changes its slots. */
    private float element(long i) {
        float w = values.get(i);
        float g = gradients.get(i);
        return switch (update.rule()) {
            case UpdateRule.Sgd r -> sgd(r, w, decayed(g, w, r.weightDecay()), i);
            case UpdateRule.Adam r -> adam(r, w * r.shrink(), decayed(g, w * r.shrink(), r.weightDecay()), i);
            case UpdateRule.RmsProp r -> rmsProp(r, w, decayed(g, w, r.weightDecay()), i);
            case UpdateRule.Adagrad r -> adagrad(r, w, decayed(g, w, r.weightDecay()), i);
            case UpdateRule.Adadelta r -> adadelta(r, w, decayed(g, w, r.weightDecay()), i);
            case UpdateRule.Adamax r -> adamax(r, w, decayed(g, w, r.weightDecay()), i);
            case UpdateRule.NAdam r -> nadam(r, w, decayed(g, w, r.weightDecay()), i);
            case UpdateRule.RAdam r -> radam(r, w, decayed(g, w, r.weightDecay()), i);
            case UpdateRule.Asgd r -> asgd(r, w, decayed(g, w, r.weightDecay()), i);
            case UpdateRule.Lamb r -> throw new IllegalStateException("not element by element");
        };
    }

    private static float decayed(float g, float w, float weightDecay) {
        return weightDecay == 0 ? g : g + weightDecay * w;
    }

    private float sgd(UpdateRule.Sgd r, float w, float g, long i) {
        if (r.momentum() == 0) {
            return w - r.lr() * g;
        }
        Region slot = weights.region(Slot.OPTIM_0);
        float buf = r.first() ? g : r.momentum() * slot.get(i) + (1 - r.dampening()) * g;
        slot.set(i, buf);
        return w - r.lr() * (r.nesterov() ? g + r.momentum() * buf : buf);
    }

    private float adam(UpdateRule.Adam r, float w, float g, long i) {
        float m = mean(Slot.OPTIM_0, g, r.moments().rise(), i);
        float v = square(Slot.OPTIM_1, g, r.moments(), i);
        if (r.amsgrad()) {
            Region max = weights.region(Slot.OPTIM_2);
            v = Math.max(max.get(i), v);
            max.set(i, v);
        }
        return w - r.stepSize() * m / (root(v) / r.rootCorrection2() + r.eps());
    }

    private float rmsProp(UpdateRule.RmsProp r, float w, float g, long i) {
        float square = square(Slot.OPTIM_0, g, r.alpha(), r.rest(), i);
        if (r.centered()) {
            float h = mean(r.buffered() ? Slot.OPTIM_2 : Slot.OPTIM_1, g, r.rest(), i);
            square = square - h * h;
        }
        float d = root(square) + r.eps();
        if (!r.buffered()) {
            return w - r.lr() * g / d;
        }
        Region buffer = weights.region(Slot.OPTIM_1);
        float b = r.momentum() * buffer.get(i) + g / d;
        buffer.set(i, b);
        return w - r.lr() * b;
    }

    private float adagrad(UpdateRule.Adagrad r, float w, float g, long i) {
        Region sum = weights.region(Slot.OPTIM_0);
        float s = (r.first() ? r.initial() : sum.get(i)) + g * g;
        sum.set(i, s);
        return w - r.lr() * g / (root(s) + r.eps());
    }

    private float adadelta(UpdateRule.Adadelta r, float w, float g, long i) {
        float s = square(Slot.OPTIM_0, g, r.rho(), r.rest(), i);
        float d = root(weights.region(Slot.OPTIM_1).get(i) + r.eps()) / root(s + r.eps()) * g;
        square(Slot.OPTIM_1, d, r.rho(), r.rest(), i);
        return w - r.lr() * d;
    }

    private float adamax(UpdateRule.Adamax r, float w, float g, long i) {
        float m = mean(Slot.OPTIM_0, g, r.moments().rise(), i);
        Region largest = weights.region(Slot.OPTIM_1);
        float u = Math.max(r.moments().beta2() * largest.get(i), Math.abs(g) + r.eps());
        largest.set(i, u);
        return w - r.stepSize() * m / u;
    }

    private float nadam(UpdateRule.NAdam r, float w, float g, long i) {
        float m = mean(Slot.OPTIM_0, g, r.moments().rise(), i);
        float d = root(square(Slot.OPTIM_1, g, r.moments(), i) / r.correction2()) + r.eps();
        return w + r.gradientFactor() * g / d + r.meanFactor() * m / d;
    }

    private float radam(UpdateRule.RAdam r, float w, float g, long i) {
        float d = mean(Slot.OPTIM_0, g, r.moments().rise(), i) / r.correction1() * r.lr();
        float v = square(Slot.OPTIM_1, g, r.moments(), i);
        return w - (r.rectified() ? d * (r.rootCorrection2() / (root(v) + r.eps())) * r.rectifier() : d);
    }

    private float asgd(UpdateRule.Asgd r, float w, float g, long i) {
        float next = w * r.shrink() - r.eta() * g;
        Region average = weights.region(Slot.OPTIM_0);
        average.set(i, r.mu() == 1 ? next : average.get(i) + (next - average.get(i)) * r.mu());
        return next;
    }

    private void lamb(UpdateRule.Lamb r) {
        long end = update.offset() + update.length();
        Region means = weights.region(Slot.OPTIM_0);
        double weightSquares = 0;
        double stepSquares = 0;
        for (long i = update.offset(); i < end; i++) {
            float g = gradients.get(i) / r.clip();
            float m = r.beta1() * means.get(i) + r.rise() * g;
            means.set(i, m);
            float v = square(Slot.OPTIM_1, g, r.beta2(), r.rest2(), i);
            float d = m / r.correction1() / (root(v) / r.rootCorrection2() + r.eps());
            d = decayed(d, values.get(i), r.weightDecay());
            gradients.set(i, d);
            weightSquares += (double) values.get(i) * values.get(i);
            stepSquares += (double) d * d;
        }
        float ratio = 1;
        if (r.adapt() && weightSquares > 0 && stepSquares > 0) {
            ratio = (float) Math.sqrt(weightSquares) / (float) Math.sqrt(stepSquares);
            ratio = r.trustClip() ? Math.min(ratio, 1) : ratio;
        }
        for (long i = update.offset(); i < end; i++) {
            values.set(i, values.get(i) - r.lr() * (gradients.get(i) * ratio));
        }
    }

    /** A running mean in a slot: m + rise · (g − m). */
    private float mean(Slot slot, float g, float rise, long i) {
        Region region = weights.region(slot);
        float m = region.get(i);
        float next = rise < 0.5f ? m + rise * (g - m) : g - (g - m) * (1 - rise);
        region.set(i, next);
        return next;
    }

    private float square(Slot slot, float g, Moments moments, long i) {
        return square(slot, g, moments.beta2(), moments.rest2(), i);
    }

    /** A running mean of squares in a slot: keep · v + rest · g². */
    private float square(Slot slot, float g, float keep, float rest, long i) {
        Region region = weights.region(slot);
        float next = keep * region.get(i) + rest * g * g;
        region.set(i, next);
        return next;
    }

    private static float root(float x) {
        return (float) Math.sqrt(x);
    }
}
