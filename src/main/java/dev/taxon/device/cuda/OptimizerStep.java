package dev.taxon.device.cuda;

import dev.taxon.device.Weights.Slot;
import dev.taxon.optim.Moments;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;

/** Runs an update rule on a range of the regions: one kernel, two for Lamb. */
final class OptimizerStep {
    private static final int MAX_LAMB_PARTS = 256; // each block of the second kernel adds them up

    private final CudaWeights weights;
    private final Gpu gpu;
    private final Update update;
    private final long count;

    private OptimizerStep(CudaWeights weights, Update update) {
        this.weights = weights;
        this.update = update;
        gpu = weights.gpu();
        count = update.length();
    }

    static void run(CudaWeights weights, Update update) {
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

    /** Where the range begins in a region. */
    private long address(Slot slot) {
        return weights.region(slot).address() + update.offset() * Float.BYTES;
    }

    private long values() {
        return address(Slot.VALUE);
    }

    private long gradients() {
        return address(Slot.GRADIENT);
    }

    private long first() {
        return address(Slot.OPTIM_0);
    }

    private long second() {
        return address(Slot.OPTIM_1);
    }

    private void launch(String kernel, Arguments arguments) {
        arguments.launch(gpu.kernel("optimizer", kernel), Grid.flat(count));
    }

    private static int flag(boolean value) {
        return value ? 1 : 0;
    }

    private void sgd(UpdateRule.Sgd r) {
        launch(
                "sgd",
                gpu.arguments()
                        .int64(values())
                        .int64(r.momentum() == 0 ? 0 : first())
                        .int64(gradients())
                        .int64(count)
                        .float32(r.lr())
                        .float32(r.momentum())
                        .float32(r.dampening())
                        .float32(r.weightDecay())
                        .int32(flag(r.nesterov()))
                        .int32(flag(r.first())));
    }

    private void adam(UpdateRule.Adam r) {
        Moments m = r.moments();
        launch(
                "adam",
                gpu.arguments()
                        .int64(values())
                        .int64(first())
                        .int64(second())
                        .int64(r.amsgrad() ? address(Slot.OPTIM_2) : 0)
                        .int64(gradients())
                        .int64(count)
                        .float32(m.rise())
                        .float32(m.beta2())
                        .float32(m.rest2())
                        .float32(r.shrink())
                        .float32(r.weightDecay())
                        .float32(r.rootCorrection2())
                        .float32(r.eps())
                        .float32(r.stepSize()));
    }

    private void rmsProp(UpdateRule.RmsProp r) {
        Slot last = r.buffered() ? Slot.OPTIM_2 : Slot.OPTIM_1;
        launch(
                "rmsprop",
                gpu.arguments()
                        .int64(values())
                        .int64(first())
                        .int64(r.buffered() ? second() : 0)
                        .int64(r.centered() ? address(last) : 0)
                        .int64(gradients())
                        .int64(count)
                        .float32(r.lr())
                        .float32(r.alpha())
                        .float32(r.rest())
                        .float32(r.eps())
                        .float32(r.weightDecay())
                        .float32(r.momentum()));
    }

    private void adagrad(UpdateRule.Adagrad r) {
        launch(
                "adagrad",
                gpu.arguments()
                        .int64(values())
                        .int64(first())
                        .int64(gradients())
                        .int64(count)
                        .float32(r.lr())
                        .float32(r.eps())
                        .float32(r.weightDecay())
                        .int32(flag(r.first()))
                        .float32(r.initial()));
    }

    private void adadelta(UpdateRule.Adadelta r) {
        launch(
                "adadelta",
                gpu.arguments()
                        .int64(values())
                        .int64(first())
                        .int64(second())
                        .int64(gradients())
                        .int64(count)
                        .float32(r.lr())
                        .float32(r.rho())
                        .float32(r.rest())
                        .float32(r.eps())
                        .float32(r.weightDecay()));
    }

    private void adamax(UpdateRule.Adamax r) {
        Moments m = r.moments();
        launch(
                "adamax",
                gpu.arguments()
                        .int64(values())
                        .int64(first())
                        .int64(second())
                        .int64(gradients())
                        .int64(count)
                        .float32(m.rise())
                        .float32(m.beta2())
                        .float32(r.stepSize())
                        .float32(r.eps())
                        .float32(r.weightDecay()));
    }

    private void nadam(UpdateRule.NAdam r) {
        Moments m = r.moments();
        launch(
                "nadam",
                gpu.arguments()
                        .int64(values())
                        .int64(first())
                        .int64(second())
                        .int64(gradients())
                        .int64(count)
                        .float32(m.rise())
                        .float32(m.beta2())
                        .float32(m.rest2())
                        .float32(r.correction2())
                        .float32(r.eps())
                        .float32(r.gradientFactor())
                        .float32(r.meanFactor())
                        .float32(r.weightDecay()));
    }

    private void radam(UpdateRule.RAdam r) {
        Moments m = r.moments();
        launch(
                "radam",
                gpu.arguments()
                        .int64(values())
                        .int64(first())
                        .int64(second())
                        .int64(gradients())
                        .int64(count)
                        .float32(m.rise())
                        .float32(m.beta2())
                        .float32(m.rest2())
                        .float32(r.lr())
                        .float32(r.correction1())
                        .int32(flag(r.rectified()))
                        .float32(r.rootCorrection2())
                        .float32(r.rectifier())
                        .float32(r.eps())
                        .float32(r.weightDecay()));
    }

    private void asgd(UpdateRule.Asgd r) {
        launch(
                "asgd",
                gpu.arguments()
                        .int64(values())
                        .int64(first())
                        .int64(gradients())
                        .int64(count)
                        .float32(r.shrink())
                        .float32(r.eta())
                        .float32(r.mu())
                        .float32(r.weightDecay()));
    }

    private void lamb(UpdateRule.Lamb r) {
        int parts = Math.min(Reduction.parts(count), MAX_LAMB_PARTS);
        long sums = weights.reduction().sums();
        gpu.arguments()
                .int64(sums)
                .int64(values())
                .int64(first())
                .int64(second())
                .int64(gradients())
                .int64(count)
                .float32(r.clip())
                .float32(r.beta1())
                .float32(r.rise())
                .float32(r.beta2())
                .float32(r.rest2())
                .float32(r.correction1())
                .float32(r.rootCorrection2())
                .float32(r.eps())
                .float32(r.weightDecay())
                .launch(gpu.kernel("lamb", "lamb_direction"), Grid.of(parts, Reduction.THREADS));
        gpu.arguments()
                .int64(values())
                .int64(gradients())
                .int64(sums)
                .int32(parts)
                .int64(count)
                .float32(r.lr())
                .int32(flag(r.adapt()))
                .int32(flag(r.trustClip()))
                .launch(gpu.kernel("lamb", "lamb_step"), Grid.of(parts, Reduction.THREADS));
    }
}
