package dev.taxon.device.cuda;

import dev.taxon.device.Program;

/** One prepared call of a program: it starts work on the compute stream and returns. */
@FunctionalInterface
interface Op {
    void run(Step step);

    /** What changes from step to step. */
    final class Step {
        Program.Draw draw = Program.Draw.NONE;
        boolean accumulate;
        Program.GradientListener listener = Program.GradientListener.NONE;

        /** The factor of a gradient's old contents: 1 to add to them, 0 to replace them. */
        Address beta(Gpu gpu) {
            return accumulate ? gpu.one() : gpu.zero();
        }

        int accumulateFlag() {
            return accumulate ? 1 : 0;
        }
    }
}
