package dev.taxon.profile;

import dev.taxon.device.Options;
import dev.taxon.device.Roofline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A profile as text. */
public final class ProfileTable {
    private static final double GIGA = 1e9;
    private static final double MILLI = 1e-3;

    private final Profile profile;

    public ProfileTable(Profile profile) {
        this.profile = profile;
    }

    /** What was measured, of the machine and of the whole step. */
    public String summary() {
        Options options = profile.options();
        Roofline limits = profile.limits();
        double cache = limits.bandwidths().stream()
                .mapToDouble(Roofline.Bandwidth::bytesPerSecond)
                .max()
                .orElseThrow();
        return String.join(
                System.lineSeparator(),
                profile.about(),
                "This machine, measured: %s GFLOP/s in registers, %s GB/s from caches, %s GB/s from memory"
                        .formatted(
                                number(limits.flops() / GIGA),
                                number(cache / GIGA),
                                number(limits.memoryBandwidth() / GIGA)),
                "%s, batch %d: %s ms a step (median of %d), %s images/s; %d kernels take %s ms of it"
                        .formatted(
                                options.mode() == Options.Mode.TRAIN ? "Training" : "Inference",
                                options.batch(),
                                number(profile.stepSeconds() / MILLI),
                                profile.repetitions(),
                                number(options.batch() / profile.stepSeconds()),
                                profile.kernels().size(),
                                number(profile.kernelSeconds() / MILLI)));
    }

    /** A line a kernel. */
    public String kernels(List<KernelTime> shown) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("kernel", "pass", "implementation", "#", "ms", "share", "GFLOP/s", "GB/s", "roofline", ""));
        for (KernelTime k : shown) {
            List<String> row = new ArrayList<>(List.of(
                    shortName(k.kernel().node()),
                    Profile.pass(k),
                    k.kernel().implementation(),
                    Integer.toString(k.place())));
            row.addAll(figures(
                    k.seconds(), k.operations(), k.bytes(), profile.limits().leastSeconds(k.operations(), k.bytes())));
            row.add(limit(k));
            rows.add(row);
        }
        return text(rows, 3, 1);
    }

    /** A line a kind of work. */
    public String totals() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("work", "kernels", "ms", "share", "GFLOP/s", "GB/s", "roofline"));
        for (Profile.Total t : profile.totals()) {
            List<String> row = new ArrayList<>(List.of(t.kind(), Integer.toString(t.kernels())));
            row.addAll(figures(t.seconds(), t.operations(), t.bytes(), t.leastSeconds()));
            rows.add(row);
        }
        return text(rows, 1, 0);
    }

    private List<String> figures(double seconds, long operations, long bytes, double least) {
        return List.of(
                String.format(Locale.ROOT, "%.3f", seconds / MILLI),
                String.format(Locale.ROOT, "%.1f %%", 100 * seconds / profile.kernelSeconds()),
                operations == 0 ? "-" : number(operations / seconds / GIGA),
                bytes == 0 ? "-" : number(bytes / seconds / GIGA),
                bytes == 0 ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * least / seconds));
    }

    private String limit(KernelTime k) {
        if (k.bytes() == 0) {
            return "";
        }
        return profile.limits().isComputeBound(k.operations(), k.bytes()) ? "compute" : "memory";
    }

    /** {@code backbone.layer1.0.conv1+bn1+relu}: of fused nodes, each later name from where it differs from the first. */
    static String shortName(String joined) {
        String[] names = joined.split("\\+", -1);
        String prefix = names[0].substring(0, names[0].lastIndexOf('.') + 1);
        StringBuilder out = new StringBuilder(names[0]);
        for (int i = 1; i < names.length; i++) {
            out.append('+').append(names[i].startsWith(prefix) ? names[i].substring(prefix.length()) : names[i]);
        }
        return out.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }

    /** Columns: some of words at the left, numbers, some of words at the right. */
    private static String text(List<List<String>> rows, int left, int right) {
        int columns = rows.getFirst().size();
        List<Integer> widths = new ArrayList<>(Collections.nCopies(columns, 0));
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        });
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                boolean words = i < left || i >= columns - right;
                line.append(i == 0 ? "" : "  ");
                String padding = " ".repeat(widths.get(i) - row.get(i).length());
                line.append(words ? row.get(i) + padding : padding + row.get(i));
            }
            out.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return out.toString();
    }
}
