package dev.taxon.data;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A sample that could not be prepared.
 *
 * @param name of the example
 * @param reason one sentence, which has the name in it
 */
public record Skipped(String name, String reason) {
    private static final int SHOWN = 5;

    /**
     * What a log says at an epoch's end.
     *
     * @param skipped at least one
     * @param outcome what became of their places
     */
    public static String line(List<Skipped> skipped, String outcome) {
        String reasons = skipped.stream().limit(SHOWN).map(Skipped::reason).collect(Collectors.joining("; "));
        int more = skipped.size() - SHOWN;
        return "on_error='skip': %d %s not be read; %s. %s%s"
                .formatted(
                        skipped.size(),
                        skipped.size() == 1 ? "image could" : "images could",
                        outcome,
                        reasons,
                        more > 0 ? "; and " + more + " more" : "");
    }
}
