package dev.taxon.config.python;

import dev.taxon.config.Position;
import dev.taxon.config.Value;
import java.util.List;
import java.util.Map;

/** A value while a file is evaluated. Lists and dicts are mutable and shared by the names that hold them, as in Python. */
sealed interface Obj {
    Position at();

    /** None, a bool, a number or a string. */
    record Atom(Value value) implements Obj {
        @Override
        public Position at() {
            return value.at();
        }
    }

    record ListObj(List<Obj> items, Position at) implements Obj {}

    record TupleObj(List<Obj> items, Position at) implements Obj {}

    record DictObj(Map<String, Obj> entries, Position at) implements Obj {}

    /** What {@code import} names; only {@code copy} can be used. */
    record Module(String name, Position at) implements Obj {}

    /** A function that may be called, such as {@code dict} or {@code copy.deepcopy}. */
    record Function(String name, Position at) implements Obj {}

    static Obj none(Position at) {
        return new Atom(new Value.None(at));
    }

    static Obj of(boolean value, Position at) {
        return new Atom(new Value.Bool(value, at));
    }

    static Obj of(long value, Position at) {
        return new Atom(new Value.Int(value, at));
    }

    static Obj of(double value, Position at) {
        return new Atom(new Value.Real(value, at));
    }

    static Obj of(String value, Position at) {
        return new Atom(new Value.Text(value, at));
    }

    default String kind() {
        return switch (this) {
            case Atom a -> a.value().kind();
            case ListObj l -> "list";
            case TupleObj t -> "tuple";
            case DictObj d -> "dict";
            case Module m -> "module";
            case Function f -> "function";
        };
    }
}
