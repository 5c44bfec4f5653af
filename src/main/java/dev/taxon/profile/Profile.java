package dev.taxon.profile;

import dev.taxon.device.Options;
import dev.taxon.device.Program.Span;
import dev.taxon.device.Roofline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured of a step.
 *
 * @param about the device, in words
 * @param limits of the machine
 * @param stepSeconds median of steps whose kernels are not measured
 * @param repetitions of the measured step
 * @param kernels in the order in which they run
 * @param spans of the last repetition
 */
public record Profile(
        String about,
        Options options,
        Roofline limits,
        double stepSeconds,
        int repetitions,
        List<KernelTime> kernels,
        List<Span> spans) {
    public Profile {
        kernels = List.copyOf(kernels);
        spans = List.copyOf(spans);
    }

    /** Work of one kind. */
    public record Total(String kind, int kernels, double seconds, long operations, long bytes, double leastSeconds) {}

    /** Of all kernels, in seconds: their medians' sum. */
    public double kernelSeconds() {
        return kernels.stream().mapToDouble(KernelTime::seconds).sum();
    }

    /** Kernels by kind and pass, the longest first. */
    public List<Total> totals() {
        Map<String, List<KernelTime>> byKind = new LinkedHashMap<>();
        for (KernelTime kernel : kernels) {
            byKind.computeIfAbsent(kernel.kind() + ", " + pass(kernel), k -> new ArrayList<>())
                    .add(kernel);
        }
        return byKind.entrySet().stream()
                .map(e -> total(e.getKey(), e.getValue()))
                .sorted(Comparator.comparingDouble(Total::seconds).reversed())
                .toList();
    }

    /** The pass as a table prints it. */
    static String pass(KernelTime kernel) {
        return switch (kernel.kernel().pass()) {
            case FORWARD -> "forward";
            case BACKWARD_DATA -> "backward data";
            case BACKWARD_WEIGHTS -> "backward weights";
            case BACKWARD -> "backward";
            case REORDER -> "reorder";
            case UPDATE -> "update";
        };
    }

    private Total total(String kind, List<KernelTime> of) {
        return new Total(
                kind,
                of.size(),
                of.stream().mapToDouble(KernelTime::seconds).sum(),
                of.stream().mapToLong(KernelTime::operations).sum(),
                of.stream().mapToLong(KernelTime::bytes).sum(),
                of.stream()
                        .mapToDouble(k -> limits.leastSeconds(k.operations(), k.bytes()))
                        .sum());
    }
}
