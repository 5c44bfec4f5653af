package dev.taxon.device.cpu;

import dev.taxon.device.Weights.Slot;
import dev.taxon.optim.Moments;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;

/** Runs an update rule on a range of the regions: one native pass. Addresses are those of the range's first elements. */
final class OptimizerStep {
    private final CpuWeights weights;
    private final Update update;
    private final long count;
    private final long values;
    private final long gradients;

    private OptimizerStep(CpuWeights weights, Update update) {
        this.weights = weights;
        this.update = update;
        count = update.length();
        values = address(Slot.VALUE);
        gradients = address(Slot.GRADIENT);
    }

    static void run(CpuWeights weights, Update update) {
        new OptimizerStep(weights, update).run();
    }

    private void run() {
        switch (update.rule()) {
            case UpdateRule.Sgd r -> sgd(r);
            case UpdateRule.Adam r -> adam(r);
            case UpdateRule.RmsProp r -> rmsProp(r);
            case UpdateRule.Adagrad r -> adagrad(r);
            case UpdateRule.Adadelta r -> adadelta(r);
            case UpdateRule.Adamax r -> adamax(r);
            case UpdateRule.NAdam r -> nadam(r);
            case UpdateRule.RAdam r -> radam(r);
            case UpdateRule.Asgd r -> asgd(r);
            case UpdateRule.Lamb r -> lamb(r);
        }
    }

    private long address(Slot slot) {
        return weights.region(slot).floats(update.offset(), update.length()).address();
    }

    private long first() {
        return address(Slot.OPTIM_0);
    }

    private long second() {
        return address(Slot.OPTIM_1);
    }

    private void sgd(UpdateRule.Sgd r) {
        long buffer = r.momentum() == 0 ? 0 : first();
        Native.call(() -> (int) OptimizerFunctions.SGD.invokeExact(
                values,
                buffer,
                gradients,
                count,
                r.lr(),
                r.momentum(),
                r.dampening(),
                r.weightDecay(),
                r.nesterov() ? 1 : 0,
                r.first() ? 1 : 0));
    }

    private void adam(UpdateRule.Adam r) {
        Moments m = r.moments();
        long max = r.amsgrad() ? address(Slot.OPTIM_2) : 0;
        Native.call(() -> (int) OptimizerFunctions.ADAM.invokeExact(
                values,
                first(),
                second(),
                max,
                gradients,
                count,
                m.rise(),
                m.beta2(),
                m.rest2(),
                r.shrink(),
                r.weightDecay(),
                r.rootCorrection2(),
                r.eps(),
                r.stepSize()));
    }

    private void rmsProp(UpdateRule.RmsProp r) {
        long buffer = r.buffered() ? second() : 0;
        long means = !r.centered() ? 0 : r.buffered() ? address(Slot.OPTIM_2) : second();
        Native.call(() -> (int) OptimizerFunctions.RMSPROP.invokeExact(
                values,
                first(),
                buffer,
                means,
                gradients,
                count,
                r.lr(),
                r.alpha(),
                r.rest(),
                r.eps(),
                r.weightDecay(),
                r.momentum()));
    }

    private void adagrad(UpdateRule.Adagrad r) {
        Native.call(() -> (int) OptimizerFunctions.ADAGRAD.invokeExact(
                values, first(), gradients, count, r.lr(), r.eps(), r.weightDecay(), r.first() ? 1 : 0, r.initial()));
    }

    private void adadelta(UpdateRule.Adadelta r) {
        Native.call(() -> (int) OptimizerFunctions.ADADELTA.invokeExact(
                values, first(), second(), gradients, count, r.lr(), r.rho(), r.rest(), r.eps(), r.weightDecay()));
    }

    private void adamax(UpdateRule.Adamax r) {
        Moments m = r.moments();
        Native.call(() -> (int) OptimizerFunctions.ADAMAX.invokeExact(
                values,
                first(),
                second(),
                gradients,
                count,
                m.rise(),
                m.beta2(),
                r.stepSize(),
                r.eps(),
                r.weightDecay()));
    }

    private void nadam(UpdateRule.NAdam r) {
        Moments m = r.moments();
        Native.call(() -> (int) OptimizerFunctions.NADAM.invokeExact(
                values,
                first(),
                second(),
                gradients,
                count,
                m.rise(),
                m.beta2(),
                m.rest2(),
                r.correction2(),
                r.eps(),
                r.gradientFactor(),
                r.meanFactor(),
                r.weightDecay()));
    }

    private void radam(UpdateRule.RAdam r) {
        Moments m = r.moments();
        Native.call(() -> (int) OptimizerFunctions.RADAM.invokeExact(
                values,
                first(),
                second(),
                gradients,
                count,
                m.rise(),
                m.beta2(),
                m.rest2(),
                r.lr(),
                r.correction1(),
                r.rectified() ? 1 : 0,
                r.rootCorrection2(),
                r.rectifier(),
                r.eps(),
                r.weightDecay()));
    }

    private void asgd(UpdateRule.Asgd r) {
        Native.call(() -> (int) OptimizerFunctions.ASGD.invokeExact(
                values, first(), gradients, count, r.shrink(), r.eta(), r.mu(), r.weightDecay()));
    }

    private void lamb(UpdateRule.Lamb r) {
        Native.call(() -> (int) OptimizerFunctions.LAMB.invokeExact(
                values,
                first(),
                second(),
                gradients,
                count,
                r.lr(),
                r.clip(),
                r.beta1(),
                r.rise(),
                r.beta2(),
                r.rest2(),
                r.correction1(),
                r.rootCorrection2(),
                r.eps(),
                r.weightDecay(),
                r.adapt() ? 1 : 0,
                r.trustClip() ? 1 : 0));
    }
}
