package dev.taxon.profile;

import dev.taxon.device.Program.Kernel;
import dev.taxon.device.Roofline;

/**
 * One kernel of a step, as it ran.
 *
 * @param place in the step, from 1
 * @param kind see {@link KernelCost#kind}
 * @param seconds median over the repetitions
 * @param operations multiplications and additions of the task's definition
 * @param bytes that must be moved at least
 */
public record KernelTime(int place, Kernel kernel, String kind, double seconds, long operations, long bytes) {
    /** How near the kernel is to what the machine could do at best: 1 is there; 0 where the task's cost is not known. */
    public double ofRoofline(Roofline limits) {
        return limits.leastSeconds(operations, bytes) / seconds;
    }

    double flops() {
        return operations / seconds;
    }

    double bytesPerSecond() {
        return bytes / seconds;
    }
}
