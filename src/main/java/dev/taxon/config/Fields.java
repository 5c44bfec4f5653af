package dev.taxon.config;

import dev.taxon.UserError;
import dev.taxon.config.Value.Dict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a dict field by field into a spec, and then refuses what nobody read: {@code done()} names an unknown key with
 * its file, line and nearest known name. Every error is a {@link UserError} that says where the value stands.
 */
public final class Fields {
    private final Dict dict;
    private final String path;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param path how messages name this dict, such as {@code model.backbone} */
    public Fields(Dict dict, String path) {
        this.dict = dict;
        this.path = path;
    }

    public Dict dict() {
        return dict;
    }

    public String path() {
        return path;
    }

    /** Whether the key is there and not None; counts as known. */
    public boolean has(String key) {
        return find(key) != null;
    }

    public String text(String key) {
        return required(key, this::asText);
    }

    public String text(String key, String otherwise) {
        return optional(key, otherwise, this::asText);
    }

    public @Nullable String textOrNull(String key) {
        Value value = find(key);
        return value == null ? null : asText(key, value);
    }

    public int integer(String key) {
        return required(key, this::asInt);
    }

    public int integer(String key, int otherwise) {
        return optional(key, otherwise, this::asInt);
    }

    public double real(String key) {
        return required(key, this::asReal);
    }

    public double real(String key, double otherwise) {
        return optional(key, otherwise, this::asReal);
    }

    public boolean bool(String key, boolean otherwise) {
        return optional(key, otherwise, this::asBool);
    }

    /** A list or tuple of ints, or one int. */
    public List<Integer> integers(String key, List<Integer> otherwise) {
        return optional(
                key,
                otherwise,
                (k, v) -> items(v).stream().map(item -> asInt(k, item)).toList());
    }

    /** A list or tuple of numbers, or one number. */
    public List<Double> reals(String key, List<Double> otherwise) {
        return optional(
                key,
                otherwise,
                (k, v) -> items(v).stream().map(item -> asReal(k, item)).toList());
    }

    /** A list or tuple of strings, or one string. */
    public List<String> texts(String key, List<String> otherwise) {
        return optional(
                key,
                otherwise,
                (k, v) -> items(v).stream().map(item -> asText(k, item)).toList());
    }

    /** A nested dict. */
    public Fields dict(String key) {
        return required(key, this::asDict);
    }

    public @Nullable Fields dictOrNull(String key) {
        Value value = find(key);
        return value == null ? null : asDict(key, value);
    }

    /** A list of dicts, or one dict; empty when absent. */
    public List<Fields> dicts(String key) {
        Value value = find(key);
        if (value == null) {
            return List.of();
        }
        List<Fields> out = new ArrayList<>();
        List<Value> items = items(value);
        for (int i = 0; i < items.size(); i++) {
            String name = value instanceof Value.Seq ? key + "." + i : key;
            out.add(asDict(name, items.get(i)));
        }
        return out;
    }

    /** The value itself, None included; null when absent. */
    public @Nullable Value value(String key) {
        known.add(key);
        return dict.get(key);
    }

    /** Accepts keys without reading them: what mmcls takes and has no meaning here. */
    public Fields ignore(String... keys) {
        known.addAll(List.of(keys));
        return this;
    }

    /** Refuses every key that was not asked for. */
    public void done() {
        for (String key : dict.entries().keySet()) {
            if (!known.contains(key)) {
                Value value = dict.entries().get(key);
                throw UserError.of(
                        "%s: unknown key '%s' in %s; %s",
                        value == null ? dict.at() : value.at(),
                        IntKey.shown(key),
                        path,
                        Nearest.suggestion(key, known));
            }
        }
    }

    /** An error at the place of {@code key}: {@code file:line:col: path.key sentence}; of an argument, it and the sentence. */
    public UserError error(String key, String sentence) {
        Value value = dict.get(key);
        if (value != null && value.at().isArgument()) {
            return UserError.of("%s %s", value.at(), sentence);
        }
        return UserError.of("%s: %s %s", value == null ? dict.at() : value.at(), name(key), sentence);
    }

    private @Nullable Value find(String key) {
        Value value = value(key);
        return value instanceof Value.None ? null : value;
    }

    private <T> T required(String key, Reader<T> reader) {
        Value value = find(key);
        if (value == null) {
            throw UserError.of("%s: %s needs the key '%s'", dict.at(), path.isEmpty() ? "the config" : path, key);
        }
        return reader.read(key, value);
    }

    private <T> T optional(String key, T otherwise, Reader<T> reader) {
        Value value = find(key);
        return value == null ? otherwise : reader.read(key, value);
    }

    private String asText(String key, Value value) {
        if (value instanceof Value.Text t) {
            return t.value();
        }
        throw wrong(key, value, "str");
    }

    private boolean asBool(String key, Value value) {
        if (value instanceof Value.Bool b) {
            return b.value();
        }
        throw wrong(key, value, "bool");
    }

    private int asInt(String key, Value value) {
        if (value instanceof Value.Int i && i.value() == (int) i.value()) {
            return (int) i.value();
        }
        throw wrong(key, value, "int");
    }

    private double asReal(String key, Value value) {
        return switch (value) {
            case Value.Int i -> (double) i.value();
            case Value.Real r -> r.value();
            default -> throw wrong(key, value, "number");
        };
    }

    private Fields asDict(String key, Value value) {
        if (value instanceof Dict d) {
            return new Fields(d, name(key));
        }
        throw wrong(key, value, "dict");
    }

    private static List<Value> items(Value value) {
        return value instanceof Value.Seq s ? s.items() : List.of(value);
    }

    private UserError wrong(String key, Value value, String expected) {
        return UserError.of("%s: %s must be %s, got %s", value.at(), name(key), expected, value.kind());
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(String key, Value value);
    }

    /** Reads each dict of a list into a spec. */
    public static <T> List<T> map(List<Fields> dicts, Function<Fields, T> reader) {
        return dicts.stream().map(reader).toList();
    }
}
