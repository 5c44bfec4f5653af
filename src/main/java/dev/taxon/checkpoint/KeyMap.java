package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Renames the entries of a state dict: each rule in turn replaces what its pattern finds, as mmcv's revise_keys. */
public record KeyMap(List<Rule> rules) {
    /** mmcv's default: strips the {@code module.} that DataParallel puts before each name. */
    public static final KeyMap DEFAULT = of("^module\\.", "");

    /** One replacement, in Java's syntax: {@code $1} is group 1. */
    public record Rule(Pattern pattern, String replacement) {}

    public KeyMap {
        rules = List.copyOf(rules);
    }

    /** One rule, in Python's syntax: {@code \1} and {@code \g<name>} in the replacement. @throws UserError for a bad pattern */
    public static KeyMap of(String pattern, String replacement) {
        return new KeyMap(List.of(rule(pattern, replacement)));
    }

    /** These rules and one more behind them. */
    public KeyMap then(String pattern, String replacement) {
        List<Rule> all = new ArrayList<>(rules);
        all.add(rule(pattern, replacement));
        return new KeyMap(all);
    }

    private static Rule rule(String pattern, String replacement) {
        String java = replacement
                .replace("$", "\\$")
                .replaceAll("\\\\g<(\\d+)>", "\\\\$1")
                .replaceAll("\\\\(\\d)", "\\$$1")
                .replaceAll("\\\\g<(\\w+)>", "\\${$1}");
        try {
            return new Rule(Pattern.compile(pattern.replace("(?P<", "(?<")), java);
        } catch (PatternSyntaxException e) {
            throw new UserError(
                    "the pattern '" + pattern + "' of a key map is no regular expression: " + e.getDescription(), e);
        }
    }

    public String rename(String name) {
        String renamed = name;
        for (Rule rule : rules) {
            renamed = rule.pattern.matcher(renamed).replaceAll(rule.replacement);
        }
        return renamed;
    }

    /** The new names. */
    public Set<String> rename(Set<String> names) {
        return names.stream().map(this::rename).collect(Collectors.toSet());
    }

    /** The same tensors under their new names. @throws UserError if two names become one */
    public StateDict rename(StateDict dict) {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        dict.tensors().forEach((name, tensor) -> {
            if (renamed.put(rename(name), tensor) != null) {
                throw UserError.of(
                        "two entries of the state dict would both be called %s; change the key map", rename(name));
            }
        });
        return new StateDict(renamed);
    }
}
