package dev.taxon.checkpoint.names;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renames by the first rule whose pattern matches the beginning of a name. In a replacement {@code {1}} is group 1, and
 * {@code {1-2}} the number in group 1 less 2. A name that no rule matches stays, and whatever is not of the head is of the
 * backbone: {@code backbone.} is put before it.
 */
final class PrefixRules implements UnaryOperator<String> {
    private static final Pattern PLACE = Pattern.compile("\\{(\\d)([+-]\\d+)?}");

    private final List<Map.Entry<Pattern, String>> rules;

    private PrefixRules(List<Map.Entry<Pattern, String>> rules) {
        this.rules = rules;
    }

    /** Pairs of pattern and replacement. */
    static PrefixRules of(String... pairs) {
        List<Map.Entry<Pattern, String>> rules = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            rules.add(Map.entry(Pattern.compile(pairs[i]), pairs[i + 1]));
        }
        return new PrefixRules(List.copyOf(rules));
    }

    /** These rules before the others. */
    PrefixRules before(PrefixRules others) {
        List<Map.Entry<Pattern, String>> all = new ArrayList<>(rules);
        all.addAll(others.rules);
        return new PrefixRules(List.copyOf(all));
    }

    @Override
    public String apply(String name) {
        String renamed = name;
        for (Map.Entry<Pattern, String> rule : rules) {
            Matcher found = rule.getKey().matcher(name);
            if (found.lookingAt()) {
                renamed = fill(rule.getValue(), found) + name.substring(found.end());
                break;
            }
        }
        return renamed.startsWith("head.") || renamed.startsWith("backbone.") ? renamed : "backbone." + renamed;
    }

    private static String fill(String replacement, Matcher found) {
        return PLACE.matcher(replacement).replaceAll(place -> {
            String group = found.group(Integer.parseInt(place.group(1)));
            String shift = place.group(2);
            return shift == null ? group : Integer.toString(Integer.parseInt(group) + Integer.parseInt(shift));
        });
    }
}
