package dev.taxon.config;

import dev.taxon.UserError;
import dev.taxon.config.Value.Dict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How a config inherits. Source: mmcv 1.7 {@code Config}; {@code _delete_} is dropped wherever it stands in a dict. */
final class Merge {
    static final String DELETE = "_delete_";

    private Merge() {}

    /** Adds the next of several base configs. They may not share a top-level key. */
    static Dict sibling(Dict bases, Dict next, Position at) {
        TreeSet<String> shared = new TreeSet<>(bases.entries().keySet());
        shared.retainAll(next.entries().keySet());
        UserError.require(
                shared.isEmpty(),
                "%s: Duplicate key is not allowed among bases. Duplicate keys: %s; keep each in one base, or set it in the child",
                at,
                shared);
        Map<String, Value> entries = new LinkedHashMap<>(bases.entries());
        entries.putAll(next.entries());
        return new Dict(entries, at);
    }

    /** The child over its base: dicts are merged key by key, anything else replaces. New keys come last. */
    static Dict merge(Dict child, Dict base) {
        Map<String, Value> entries = new LinkedHashMap<>(base.entries());
        child.entries().forEach((key, value) -> {
            if (!key.equals(DELETE)) {
                entries.put(key, merge(key, value, entries.get(key)));
            }
        });
        return new Dict(entries, child.at());
    }

    private static Value merge(String key, Value value, @Nullable Value base) {
        if (!(value instanceof Dict child)) {
            return value;
        }
        if (base == null || deletes(child)) {
            return plain(child);
        }
        if (base instanceof Dict dict) {
            return merge(child, dict);
        }
        throw UserError.of(
                "%s: '%s' in child config cannot inherit from base because %s is a dict in the child config but is of type %s"
                        + " in base config (%s). You may set `_delete_=True` to ignore the base config.",
                value.at(), key, key, base.kind(), base.at());
    }

    static boolean deletes(Dict child) {
        return switch (child.get(DELETE)) {
            case Value.Bool b -> b.value();
            case Value.Int i -> i.value() != 0;
            case null, default -> false;
        };
    }

    /** Without {@code _delete_} at any level of dicts. */
    static Dict plain(Dict dict) {
        Map<String, Value> entries = new LinkedHashMap<>();
        dict.entries().forEach((key, value) -> {
            if (!key.equals(DELETE)) {
                entries.put(key, value instanceof Dict d ? plain(d) : value);
            }
        });
        return new Dict(entries, dict.at());
    }
}
