package dev.taxon.device.cpu;

/** Losses with their gradients, of a batch of 256 in 1000 classes. */
final class LossKernels {
    private static final int N = 256;
    private static final int CLASSES = 1000;
    private static final double FACTOR = 1.0 / N;
    private static final double EPS = 1e-8;

    private LossKernels() {}

    /** Addresses of a loss's operands. */
    private record Operands(long loss, long diff, long logits, long labels, long rows) {
        static Operands of(KernelMemory m) {
            long floats = (long) N * CLASSES;
            return new Operands(m.doubles(1), m.zeros(floats), m.random(floats), m.labels(N, CLASSES), m.doubles(N));
        }
    }

    static KernelCase softmaxCrossEntropy(KernelMemory m) {
        Operands o = Operands.of(m);
        return KernelCase.of(() -> (int) LossFunctions.SOFTMAX_CROSS_ENTROPY.invokeExact(
                o.loss, o.diff, o.logits, o.labels, 0L, 0L, o.rows, (long) N, (long) CLASSES, 1.0, 0.0, FACTOR));
    }

    static KernelCase binaryCrossEntropy(KernelMemory m) {
        Operands o = Operands.of(m);
        return KernelCase.of(() -> (int) LossFunctions.BINARY_CROSS_ENTROPY.invokeExact(
                o.loss, o.diff, o.logits, o.labels, 0L, 0L, 0L, o.rows, (long) N, (long) CLASSES, -1.0, FACTOR));
    }

    static KernelCase focal(KernelMemory m) {
        Operands o = Operands.of(m);
        return KernelCase.of(() -> (int) LossFunctions.FOCAL_LOSS.invokeExact(
                o.loss, o.diff, o.logits, o.labels, 0L, o.rows, (long) N, (long) CLASSES, 2.0, 0.25, FACTOR));
    }

    static KernelCase asymmetric(KernelMemory m) {
        Operands o = Operands.of(m);
        return KernelCase.of(() -> (int) LossFunctions.ASYMMETRIC_LOSS.invokeExact(
                o.loss,
                o.diff,
                o.logits,
                o.labels,
                0L,
                o.rows,
                (long) N,
                (long) CLASSES,
                0.0,
                4.0,
                0.05,
                EPS,
                1,
                FACTOR));
    }

    static KernelCase seesaw(KernelMemory m) {
        Operands o = Operands.of(m);
        long seen = m.positive(CLASSES);
        return KernelCase.of(() -> (int) LossFunctions.SEESAW_LOSS.invokeExact(
                o.loss, o.diff, seen, o.logits, o.labels, o.rows, (long) N, (long) CLASSES, 0.8, 2.0, 1e-2, FACTOR));
    }
}
