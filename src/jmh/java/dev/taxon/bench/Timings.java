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
 * Our half of scripts/bench.py. Arguments: device, threads. Each line of standard input, {@code KEY SECONDS}, asks for a
 * turn: steps of that workload for so long, at least two. Each turn answers with one line of JSON, so that turns of
 * two programs can alternate.
 */
public final class Timings {
    private static final int WARM_STEPS = 3; // fewer where they take longer than half a turn
    private static final int LEAST_STEPS = 2;

    private Timings() {}

    public static void main(String[] args) throws IOException {
        try (Device device = Devices.open(new Settings(args[0], Integer.parseInt(args[1])));
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.printf("{\"about\": \"%s; %s\"}%n", Version.current().line(), device.describe());
            Running running = null;
            String open = "";
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.trim().split(" ");
                double[] check = {};
                if (running == null || !open.equals(words[0])) {
                    if (running != null) {
                        running.close();
                    }
                    running = new Running(Workload.of(words[0]), device);
                    open = words[0];
                    check = running.check();
                }
                List<String> times = turn(running, Double.parseDouble(words[1]));
                System.out.printf("{\"ms\": %s, \"check\": %s}%n", times, Arrays.toString(check));
            }
            if (running != null) {
                running.close();
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
