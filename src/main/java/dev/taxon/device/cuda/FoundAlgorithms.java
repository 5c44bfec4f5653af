package dev.taxon.device.cuda;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of cuDNN's algorithms that were the fastest on a card, by what was asked: in memory, and in one file for a card
 * and a version of cuDNN, a line {@code question TAB algorithm} each. A line that says nothing counts as missing.
 */
final class FoundAlgorithms {
    private final DiskCache cache;
    private final String file;
    private final Map<String, Integer> algorithms;
    private boolean changed;

    FoundAlgorithms(DiskCache cache, String card, long cudnnVersion) {
        this.cache = cache;
        file = DiskCache.key("cudnn-" + cudnnVersion, List.of(card, Long.toString(cudnnVersion)));
        algorithms = read();
    }

    /** The algorithm that a search found for this question; null if none did. */
    @Nullable
    Integer find(String question) {
        return algorithms.get(question);
    }

    void put(String question, int algorithm) {
        algorithms.put(question, algorithm);
        changed = true;
    }

    /** Keeps what was put since the last time, beside what other processes kept meanwhile. */
    void save() {
        if (!changed) {
            return;
        }
        Map<String, Integer> all = read();
        all.putAll(algorithms);
        StringBuilder text = new StringBuilder();
        all.forEach((question, algorithm) ->
                text.append(question).append('\t').append(algorithm.intValue()).append('\n'));
        cache.keep(file, text.toString().getBytes(StandardCharsets.UTF_8));
        changed = false;
    }

    private Map<String, Integer> read() {
        Map<String, Integer> read = new TreeMap<>();
        byte[] kept = cache.find(file);
        if (kept != null) {
            new String(kept, StandardCharsets.UTF_8).lines().forEach(line -> {
                int tab = line.indexOf('\t');
                if (tab > 0 && line.substring(tab + 1).matches("\\d{1,4}")) {
                    read.put(line.substring(0, tab), Integer.valueOf(line.substring(tab + 1)));
                }
            });
        }
        return read;
    }
}
