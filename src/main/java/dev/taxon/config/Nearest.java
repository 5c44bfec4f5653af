package dev.taxon.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The known name that a misspelt one probably meant. */
public final class Nearest {
    private Nearest() {}

    /** The nearest known name within a third of the length in edits, if any. */
    public static Optional<String> find(String name, Collection<String> known) {
        int limit = Math.max(1, name.length() / 3);
        return known.stream()
                .filter(k -> distance(name, k) <= limit)
                .min(Comparator.comparingInt((String k) -> distance(name, k)).thenComparing(k -> k));
    }

    /** {@code did you mean 'x'?} or the list of known names. */
    public static String suggestion(String name, Collection<String> known) {
        return find(name, known)
                .map(k -> "did you mean '" + k + "'?")
                .orElseGet(() -> "known are " + known.stream().sorted().collect(Collectors.joining(", ")));
    }

    /** Levenshtein distance, ignoring case. */
    static int distance(String a, String b) {
        String s = a.toLowerCase(Locale.ROOT);
        String t = b.toLowerCase(Locale.ROOT);
        int[] row = new int[t.length() + 1];
        for (int j = 0; j <= t.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= s.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= t.length(); j++) {
                int substitute = diagonal + (s.charAt(i - 1) == t.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[t.length()];
    }
}
