package dev.taxon.device.cpu;

/** Optimizers and what else runs over whole regions, of ResNet-50's size; the numbers are those of an early step. */
final class OptimizerKernels {
    private static final long COUNT = 25_557_032;
    private static final float LR = 0.1f;
    private static final float DECAY = 1e-4f;
    private static final float EPS = 1e-8f;
    private static final float BETA2 = 0.999f;
    private static final float REST2 = 1 - BETA2;
    private static final float RISE = 0.1f;

    private OptimizerKernels() {}

    /** Addresses of values, gradients and three moments. */
    private record Regions(long values, long grads, long first, long second, long third) {
        static Regions of(KernelMemory m) {
            return new Regions(
                    m.random(COUNT), m.random(COUNT), m.positive(COUNT), m.positive(COUNT), m.positive(COUNT));
        }
    }

    static KernelCase sgd(KernelMemory m) {
        Regions r = Regions.of(m);
        return KernelCase.of(() ->
                (int) OptimizerFunctions.SGD.invokeExact(r.values, r.first, r.grads, COUNT, LR, 0.9f, 0f, DECAY, 0, 0));
    }

    static KernelCase adam(KernelMemory m) {
        Regions r = Regions.of(m);
        return KernelCase.of(() -> (int) OptimizerFunctions.ADAM.invokeExact(
                r.values, r.first, r.second, 0L, r.grads, COUNT, RISE, BETA2, REST2, 1f, DECAY, 1f, EPS, LR));
    }

    static KernelCase rmsProp(KernelMemory m) {
        Regions r = Regions.of(m);
        return KernelCase.of(() -> (int) OptimizerFunctions.RMSPROP.invokeExact(
                r.values, r.first, r.second, r.third, r.grads, COUNT, LR, 0.99f, 0.01f, EPS, DECAY, 0.9f));
    }

    static KernelCase adagrad(KernelMemory m) {
        Regions r = Regions.of(m);
        return KernelCase.of(() ->
                (int) OptimizerFunctions.ADAGRAD.invokeExact(r.values, r.first, r.grads, COUNT, LR, EPS, DECAY, 0, 0f));
    }

    static KernelCase adadelta(KernelMemory m) {
        Regions r = Regions.of(m);
        return KernelCase.of(() -> (int) OptimizerFunctions.ADADELTA.invokeExact(
                r.values, r.first, r.second, r.grads, COUNT, LR, 0.9f, 0.1f, EPS, DECAY));
    }

    static KernelCase adamax(KernelMemory m) {
        Regions r = Regions.of(m);
        return KernelCase.of(() -> (int) OptimizerFunctions.ADAMAX.invokeExact(
                r.values, r.first, r.second, r.grads, COUNT, RISE, BETA2, LR, EPS, DECAY));
    }

    static KernelCase nadam(KernelMemory m) {
        Regions r = Regions.of(m);
        return KernelCase.of(() -> (int) OptimizerFunctions.NADAM.invokeExact(
                r.values, r.first, r.second, r.grads, COUNT, RISE, BETA2, REST2, 1f, EPS, LR, LR, DECAY));
    }

    static KernelCase radam(KernelMemory m) {
        Regions r = Regions.of(m);
        return KernelCase.of(() -> (int) OptimizerFunctions.RADAM.invokeExact(
                r.values, r.first, r.second, r.grads, COUNT, RISE, BETA2, REST2, LR, 1f, 1, 1f, 1f, EPS, DECAY));
    }

    static KernelCase asgd(KernelMemory m) {
        Regions r = Regions.of(m);
        return KernelCase.of(
                () -> (int) OptimizerFunctions.ASGD.invokeExact(r.values, r.first, r.grads, COUNT, 1f, LR, 1f, DECAY));
    }

    static KernelCase lamb(KernelMemory m) {
        Regions r = Regions.of(m);
        return KernelCase.of(() -> (int) OptimizerFunctions.LAMB.invokeExact(
                r.values, r.first, r.second, r.grads, COUNT, LR, 1f, 0.9f, RISE, BETA2, REST2, 1f, 1f, EPS, DECAY, 1,
                0));
    }

    static KernelCase norm(KernelMemory m) {
        long result = m.doubles(1);
        long src = m.random(COUNT);
        return KernelCase.of(() -> (int) OptimizerFunctions.NORM.invokeExact(result, src, COUNT, 2.0));
    }

    static KernelCase scale(KernelMemory m) {
        long dst = m.random(COUNT);
        return KernelCase.of(() -> (int) OptimizerFunctions.SCALE.invokeExact(dst, COUNT, -1f));
    }

    static KernelCase limit(KernelMemory m) {
        long dst = m.random(COUNT);
        return KernelCase.of(() -> (int) OptimizerFunctions.LIMIT.invokeExact(dst, COUNT, 0.4f));
    }

    /** Of EMA: two reads and a write, as an addition of two regions. */
    static KernelCase average(KernelMemory m) {
        long average = m.random(COUNT);
        long values = m.random(COUNT);
        return KernelCase.of(
                () -> (int) OptimizerFunctions.AVERAGE.invokeExact(average, values, COUNT, 0.999f, 0.001f));
    }
}
