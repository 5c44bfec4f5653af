package dev.taxon.device.cuda;

import dev.taxon.device.Weights.Slot;
import dev.taxon.optim.Moments;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs update rules on ranges of the regions: one kernel each, two for Lamb. Used on the compute thread. */
final class OptimizerStep {
    private static final int MAX_LAMB_PARTS = 256; // each block of the second kernel adds them up

    private final CudaWeights weights;
    private final Gpu gpu;
    private final Map<String, Kernel> kernels = new HashMap<>();
    private long offset; // of the present range, in bytes
    private long count;

    OptimizerStep(CudaWeights weights) {
        this.weights = weights;
        gpu = weights.gpu();
    }

    void run(List<Update> updates) {
        for (int i = 0; i < updates.size(); i++) { // an iterator would be made for each step
            run(updates.get(i));
        }
    }

    // Every kernel begins with values, the slots that it uses, gradients, count, and ends with what says to skip the
    // step.
    private void run(Update update) {
        offset = update.offset() * Float.BYTES;
        count = update.length();
        Arguments a = gpu.arguments().int64(address(Slot.VALUE));
        switch (update.rule()) {
            case UpdateRule.Sgd r -> {
                slot(a, Slot.OPTIM_0, r.momentum() != 0);
                range(a).float32(r.lr())
                        .float32(r.momentum())
                        .float32(r.dampening())
                        .float32(r.weightDecay())
                        .flag(r.nesterov())
                        .flag(r.first());
                launch("sgd", a);
            }
            case UpdateRule.Adam r -> {
                moments(a);
                slot(a, Slot.OPTIM_2, r.amsgrad());
                rates(range(a), r.moments())
                        .float32(r.moments().rest2())
                        .float32(r.shrink())
                        .float32(r.weightDecay())
                        .float32(r.rootCorrection2())
                        .float32(r.eps())
                        .float32(r.stepSize());
                launch("adam", a);
            }
            case UpdateRule.RmsProp r -> {
                slot(a, Slot.OPTIM_0, true);
                slot(a, Slot.OPTIM_1, r.buffered());
                slot(a, r.buffered() ? Slot.OPTIM_2 : Slot.OPTIM_1, r.centered());
                range(a).float32(r.lr())
                        .float32(r.alpha())
                        .float32(r.rest())
                        .float32(r.eps())
                        .float32(r.weightDecay())
                        .float32(r.momentum());
                launch("rmsprop", a);
            }
            case UpdateRule.Adagrad r -> {
                slot(a, Slot.OPTIM_0, true);
                range(a).float32(r.lr())
                        .float32(r.eps())
                        .float32(r.weightDecay())
                        .flag(r.first())
                        .float32(r.initial());
                launch("adagrad", a);
            }
            case UpdateRule.Adadelta r -> {
                moments(a);
                range(a).float32(r.lr())
                        .float32(r.rho())
                        .float32(r.rest())
                        .float32(r.eps())
                        .float32(r.weightDecay());
                launch("adadelta", a);
            }
            case UpdateRule.Adamax r -> {
                moments(a);
                rates(range(a), r.moments())
                        .float32(r.stepSize())
                        .float32(r.eps())
                        .float32(r.weightDecay());
                launch("adamax", a);
            }
            case UpdateRule.NAdam r -> {
                moments(a);
                rates(range(a), r.moments())
                        .float32(r.moments().rest2())
                        .float32(r.correction2())
                        .float32(r.eps())
                        .float32(r.gradientFactor())
                        .float32(r.meanFactor())
                        .float32(r.weightDecay());
                launch("nadam", a);
            }
            case UpdateRule.RAdam r -> {
                moments(a);
                rates(range(a), r.moments())
                        .float32(r.moments().rest2())
                        .float32(r.lr())
                        .float32(r.correction1())
                        .flag(r.rectified())
                        .float32(r.rootCorrection2())
                        .float32(r.rectifier())
                        .float32(r.eps())
                        .float32(r.weightDecay());
                launch("radam", a);
            }
            case UpdateRule.Asgd r -> {
                slot(a, Slot.OPTIM_0, true);
                range(a).float32(r.shrink()).float32(r.eta()).float32(r.mu()).float32(r.weightDecay());
                launch("asgd", a);
            }
            case UpdateRule.Lamb r -> lamb(r);
        }
    }

    /** Where the range begins in a region. */
    private long address(Slot slot) {
        return weights.region(slot).address() + offset;
    }

    /** A slot's part of the range; NULL for one that the rule does not use. */
    private void slot(Arguments a, Slot slot, boolean used) {
        a.int64(used ? address(slot) : 0);
    }

    private void moments(Arguments a) {
        slot(a, Slot.OPTIM_0, true);
        slot(a, Slot.OPTIM_1, true);
    }

    private Arguments range(Arguments a) {
        return a.int64(address(Slot.GRADIENT)).int64(count);
    }

    private static Arguments rates(Arguments a, Moments m) {
        return a.float32(m.rise()).float32(m.beta2());
    }

    private void launch(String name, Arguments arguments) {
        arguments.int64(weights.overflow()).launchFlat(kernel("optimizer", name), count);
    }

    private Kernel kernel(String file, String name) {
        Kernel known = kernels.get(name);
        if (known == null) {
            known = gpu.kernel(file, name);
            kernels.put(name, known);
        }
        return known;
    }

    private void lamb(UpdateRule.Lamb r) {
        int parts = Math.min(Reduction.parts(count), MAX_LAMB_PARTS);
        long sums = weights.reduction().sums();
        Arguments direction = gpu.arguments().int64(sums).int64(address(Slot.VALUE));
        moments(direction);
        range(direction)
                .float32(r.clip())
                .float32(r.beta1())
                .float32(r.rise())
                .float32(r.beta2())
                .float32(r.rest2())
                .float32(r.correction1())
                .float32(r.rootCorrection2())
                .float32(r.eps())
                .float32(r.weightDecay())
                .int64(weights.overflow())
                .launch(kernel("lamb", "lamb_direction"), parts, Reduction.THREADS);
        gpu.arguments()
                .int64(address(Slot.VALUE))
                .int64(address(Slot.GRADIENT))
                .int64(sums)
                .int32(parts)
                .int64(count)
                .float32(r.lr())
                .flag(r.adapt())
                .flag(r.trustClip())
                .int64(weights.overflow())
                .launch(kernel("lamb", "lamb_step"), parts, Reduction.THREADS);
    }
}
