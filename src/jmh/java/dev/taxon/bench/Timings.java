package dev.taxon.bench;

import dev.taxon.Devices;
import dev.taxon.Settings;
import dev.taxon.device.Device;
import dev.taxon.report.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Our half of scripts/bench.py. Arguments: workload, device, threads. Speaks as scripts/peers/turns.py does: a line of JSON
 * when ready, then for each line of standard input, a number of seconds, the times of the steps that fit, at least two.
 */
public final class Timings {
    private static final int WARM_STEPS = 3; // fewer where they take longer than half a turn
    private static final int LEAST_STEPS = 2;

    private Timings() {}

    public static void main(String[] args) throws IOException {
        try (Device device = Devices.open(new Settings(args[1], Integer.parseInt(args[2])));
                Running running = new Running(Workload.of(args[0]), device);
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.printf(
                    "{\"about\": \"%s; %s\", \"check\": %s}%n",
                    Version.current().line(), device.describe(), Arrays.toString(running.check()));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.printf("{\"ms\": %s}%n", turn(running, Double.parseDouble(line.trim())));
            }
        }
    }

    /** Milliseconds of each step, after a few that are not counted. */
    private static List<String> turn(Running running, double seconds) {
        long warm = System.nanoTime() + (long) (seconds / 2 * 1e9);
        for (int i = 0; i < WARM_STEPS && (i == 0 || System.nanoTime() < warm); i++) {
            running.step();
        }
        List<String> times = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (times.size() < LEAST_STEPS || System.nanoTime() < end) {
            long start = System.nanoTime();
            running.step();
            times.add(String.format(Locale.ROOT, "%.4f", (System.nanoTime() - start) / 1e6));
        }
        return times;
    }
}
