package dev.taxon.config;

import dev.taxon.UserError;
import dev.taxon.config.Value.Dict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Fills the placeholders in a JSON or YAML config's strings: file names, and values of the base configs. */
record Placeholders(Templates templates, Dict bases) {
    Dict fill(Dict dict) {
        Map<String, Value> entries = new LinkedHashMap<>();
        dict.entries().forEach((key, value) -> entries.put(key, fill(value)));
        return new Dict(entries, dict.at());
    }

    private Value fill(Value value) {
        return switch (value) {
            case Dict d -> fill(d);
            case Value.Seq s -> new Value.Seq(s.items().stream().map(this::fill).toList(), s.tuple(), s.at());
            case Value.Text t -> {
                Optional<String> path = Templates.basePath(t.value());
                yield path.isPresent() ? base(path.get(), t.at()) : new Value.Text(templates.fill(t.value()), t.at());
            }
            case Value.None v -> v;
            case Value.Bool v -> v;
            case Value.Int v -> v;
            case Value.Real v -> v;
        };
    }

    private Value base(String path, Position at) {
        Value value = bases;
        for (String key : path.split("\\.", -1)) {
            Value next = value instanceof Dict d ? d.get(key) : null;
            if (next == null) {
                throw UserError.of("%s: the base configs have no value _base_.%s", at, path);
            }
            value = next;
        }
        return value;
    }
}
