package dev.taxon.device.cpu;

import dev.taxon.device.Program;

/** One prepared native call of a program. */
@FunctionalInterface
interface Op {
    /** Runs it and returns the native status. */
    // Throwable is what MethodHandle.invokeExact declares.
    int run(Step step) throws Throwable;

    /** What changes from step to step. */
    final class Step {
        Program.Draw draw = Program.Draw.NONE;
        boolean accumulate;
        Program.GradientListener listener = Program.GradientListener.NONE;

        int accumulateFlag() {
            return accumulate ? 1 : 0;
        }
    }
}
