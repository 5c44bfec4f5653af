package dev.taxon.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Values of the iterations since the last clear, and what hooks want logged. Source: mmcv's LogBuffer. */
public final class LogBuffer {
    private final Map<String, List<Entry>> history = new LinkedHashMap<>();
    private final Map<String, Object> output = new LinkedHashMap<>();

    private record Entry(DoubleSupplier later, long weight) {
        double value() {
            return later.getAsDouble();
        }
    }

    /** Adds a value that stands for {@code weight} samples. */
    public void update(String name, double value, int weight) {
        update(name, () -> value, weight);
    }

    /** The same of a value that a device may still be computing: it is asked for when it is needed. */
    public void update(String name, DoubleSupplier value, int weight) {
        history.computeIfAbsent(name, n -> new ArrayList<>()).add(new Entry(value, weight));
    }

    /** Lets go of values before the latest {@code n} of each name, now and then. */
    void keep(int n) {
        history.values().stream()
                .filter(entries -> entries.size() >= 2L * n)
                .forEach(entries -> entries.subList(0, entries.size() - n).clear());
    }

    /** Sets the output to the weighted means of the latest {@code n} values of each name. */
    public void average(int n) {
        history.forEach((name, entries) -> output.put(name, mean(latest(entries, n))));
    }

    /** Sets the output to the weighted means of all values. */
    public void average() {
        average(Integer.MAX_VALUE);
    }

    private static List<Entry> latest(List<Entry> entries, int n) {
        return entries.subList(Math.max(0, entries.size() - n), entries.size());
    }

    private static double mean(List<Entry> entries) {
        double sum = 0;
        long weight = 0;
        for (Entry e : entries) {
            sum += e.value() * e.weight;
            weight += e.weight;
        }
        return sum / weight;
    }

    /** What is to be logged, in order of appearance: a Double each, or a list of them. Empty when there is nothing to log. */
    public Map<String, Object> output() {
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

    /** For a checkpoint: the latest {@code n} values of each name, so that the next means of a resumed run are the same. */
    Map<String, Object> state(int n) {
        Map<String, Object> state = new LinkedHashMap<>();
        history.forEach((name, entries) -> {
            List<Entry> latest = latest(entries, n);
            Map<String, Object> lists = new LinkedHashMap<>();
            lists.put("values", latest.stream().map(Entry::value).toList());
            lists.put("counts", latest.stream().map(Entry::weight).toList());
            state.put(name, lists);
        });
        return state;
    }

    /** Goes on from {@link #state}; what is no such state is left out, since only log lines depend on it. */
    void restore(Map<?, ?> state) {
        history.clear();
        state.forEach((name, lists) -> {
            if (name instanceof String key
                    && lists instanceof Map<?, ?> map
                    && map.get("values") instanceof List<?> values
                    && map.get("counts") instanceof List<?> counts
                    && values.size() == counts.size()) {
                List<Entry> entries = new ArrayList<>();
                for (int i = 0; i < values.size(); i++) {
                    if (values.get(i) instanceof Number value && counts.get(i) instanceof Number count) {
                        double known = value.doubleValue();
                        entries.add(new Entry(() -> known, count.longValue()));
                    }
                }
                history.put(key, entries);
            }
        });
    }
}
