package dev.taxon.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How often samples of a class are taken for each class.
 *
 * @param counts (classes, classes): row true, column predicted
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record Confusion(long[][] counts) {
    /** Of the class with the highest score of each sample. */
    public static Confusion of(Scores scores) {
        long[][] counts = new long[scores.classes()][scores.classes()];
        for (int i = 0; i < scores.count(); i++) {
            counts[scores.label(i)][scores.predicted(i)]++;
        }
        return new Confusion(counts);
    }

    /** A cell off the diagonal: {@code count} samples of class {@code actual} were taken for {@code predicted}. */
    public record Pair(int actual, int predicted, long count) {}

    /** The pairs of classes that are mixed up most, at most {@code limit}, the most frequent first. */
    public List<Pair> mostConfused(int limit) {
        List<Pair> pairs = new ArrayList<>();
        for (int t = 0; t < counts.length; t++) {
            for (int p = 0; p < counts.length; p++) {
                if (t != p && counts[t][p] > 0) {
                    pairs.add(new Pair(t, p, counts[t][p]));
                }
            }
        }
        pairs.sort((a, b) -> Long.compare(b.count, a.count));
        return List.copyOf(pairs.subList(0, Math.min(limit, pairs.size())));
    }

    public int classes() {
        return counts.length;
    }

    /** Samples of each class. */
    List<Long> actual() {
        return Arrays.stream(counts).map(row -> Arrays.stream(row).sum()).toList();
    }

    /** Share of the samples of each class that were recognized, in percent; 0 for a class without samples. */
    List<Double> accuracies() {
        List<Double> shares = new ArrayList<>();
        for (int c = 0; c < counts.length; c++) {
            shares.add(100.0 * counts[c][c] / Math.max(Arrays.stream(counts[c]).sum(), 1));
        }
        return shares;
    }

    /** Mean of {@link #accuracies} over the classes that have samples. */
    double balancedAccuracy() {
        List<Double> accuracies = accuracies();
        List<Long> actual = actual();
        double sum = 0;
        int present = 0;
        for (int c = 0; c < counts.length; c++) {
            if (actual.get(c) > 0) {
                sum += accuracies.get(c);
                present++;
            }
        }
        return sum / Math.max(present, 1);
    }

    List<List<Long>> rows() {
        return Arrays.stream(counts)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
    }
}
