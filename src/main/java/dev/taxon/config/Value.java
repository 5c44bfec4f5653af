package dev.taxon.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a config tree: Python's literals, each with the place where it was written. Immutable. */
public sealed interface Value {
    Position at();

    record None(Position at) implements Value {}

    record Bool(boolean value, Position at) implements Value {}

    record Int(long value, Position at) implements Value {}

    record Real(double value, Position at) implements Value {}

    record Text(String value, Position at) implements Value {}

    /** A list, or a tuple when {@code tuple}: only printing tells them apart. */
    record Seq(List<Value> items, boolean tuple, Position at) implements Value {
        public Seq {
            items = List.copyOf(items);
        }
    }

    /** Entries in the order written. */
    record Dict(Map<String, Value> entries, Position at) implements Value {
        public Dict {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        public @Nullable Value get(String key) {
            return entries.get(key);
        }
    }

    /** How an error message names this kind of value: {@code int}, {@code str}, {@code dict}, … */
    default String kind() {
        return switch (this) {
            case None v -> "None";
            case Bool v -> "bool";
            case Int v -> "int";
            case Real v -> "float";
            case Text v -> "str";
            case Seq v -> v.tuple() ? "tuple" : "list";
            case Dict v -> "dict";
        };
    }
}
