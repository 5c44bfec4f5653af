package dev.taxon.device;

/**
 * How a program runs.
 *
 * @param mode TRAIN keeps what backward needs and uses batch statistics; EVAL uses running statistics, computes up to
 *     the graph's output and may fuse
 * @param batch N, the exact number of samples in each call
 * @param deterministic only kernels whose result does not depend on timing
 * @param inputGradient backward also gives the gradient of the input (TRAIN only)
 */
public record Options(Mode mode, int batch, boolean deterministic, boolean inputGradient) {
    /** What a run says, not the config. */
    public enum Mode {
        TRAIN,
        EVAL
    }

    public Options {
        if (batch < 1) {
            throw new IllegalArgumentException("batch must be positive, got " + batch);
        }
        if (inputGradient && mode != Mode.TRAIN) {
            throw new IllegalArgumentException("inputGradient needs TRAIN");
        }
    }

    public static Options train(int batch) {
        return new Options(Mode.TRAIN, batch, true, false);
    }

    public static Options eval(int batch) {
        return new Options(Mode.EVAL, batch, true, false);
    }

    public Options withInputGradient() {
        return new Options(mode, batch, deterministic, true);
    }
}
