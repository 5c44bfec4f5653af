package dev.taxon.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of the iterations since the last clear, and what hooks want logged. Source: mmcv's LogBuffer. */
public final class LogBuffer {
    private final Map<String, List<Entry>> history = new LinkedHashMap<>();
    private final Map<String, Double> output = new LinkedHashMap<>();

    private record Entry(double value, int weight) {}

    /** Adds a value that stands for {@code weight} samples. */
    public void update(String name, double value, int weight) {
        history.computeIfAbsent(name, n -> new ArrayList<>()).add(new Entry(value, weight));
    }

    /** Sets the output to the weighted means of the latest {@code n} values of each name. */
    public void average(int n) {
        history.forEach((name, entries) -> {
            List<Entry> latest = entries.subList(Math.max(0, entries.size() - n), entries.size());
            double sum = 0;
            long weight = 0;
            for (Entry e : latest) {
                sum += e.value * e.weight;
                weight += e.weight;
            }
            output.put(name, sum / weight);
        });
    }

    /** What is to be logged, in order of appearance. */
    public Map<String, Double> output() {
        return output;
    }

    public void clearOutput() {
        output.clear();
    }

    /** Forgets the history, too. */
    public void clear() {
        history.clear();
        output.clear();
    }
}
