package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Value;
import dev.taxon.config.python.Obj.Atom;
import dev.taxon.config.python.Obj.DictObj;
import dev.taxon.config.python.Obj.ListObj;
import dev.taxon.config.python.Obj.TupleObj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Between immutable values and the mutable objects of an evaluation. */
final class Trees {
    private static final long LARGEST = 500_000;

    private Trees() {}

    static Obj thaw(Value value) {
        return switch (value) {
            case Value.Seq s -> {
                ArrayList<Obj> items = new ArrayList<>();
                s.items().forEach(item -> items.add(thaw(item)));
                yield s.tuple() ? new TupleObj(items, s.at()) : new ListObj(items, s.at());
            }
            case Value.Dict d -> {
                LinkedHashMap<String, Obj> entries = new LinkedHashMap<>();
                d.entries().forEach((key, item) -> entries.put(key, thaw(item)));
                yield new DictObj(entries, d.at());
            }
            case Value.None v -> new Atom(v);
            case Value.Bool v -> new Atom(v);
            case Value.Int v -> new Atom(v);
            case Value.Real v -> new Atom(v);
            case Value.Text v -> new Atom(v);
        };
    }

    /** A deep copy; what is shared inside is copied apart. */
    static Obj copy(Obj value, Budget budget) {
        return copy(value, budget, 0);
    }

    private static Obj copy(Obj value, Budget budget, int depth) {
        checkDepth(value, depth);
        budget.step(value.at());
        return switch (value) {
            case ListObj l -> {
                ArrayList<Obj> items = new ArrayList<>();
                l.items().forEach(item -> items.add(copy(item, budget, depth + 1)));
                yield new ListObj(items, l.at());
            }
            case TupleObj t -> {
                List<Obj> items = new ArrayList<>();
                t.items().forEach(item -> items.add(copy(item, budget, depth + 1)));
                yield new TupleObj(items, t.at());
            }
            case DictObj d -> {
                LinkedHashMap<String, Obj> entries = new LinkedHashMap<>();
                d.entries().forEach((key, item) -> entries.put(key, copy(item, budget, depth + 1)));
                yield new DictObj(entries, d.at());
            }
            case Atom a -> a;
            case Obj.Module m -> m;
            case Obj.Function f -> f;
        };
    }

    /** The immutable tree. Refuses what is too deep, too large, holds itself or is no data. */
    static Value.Dict freeze(Map<String, Obj> names, DictObj owner) {
        Freezer freezer = new Freezer();
        Map<String, Value> out = new LinkedHashMap<>();
        names.forEach((key, value) -> out.put(key, freezer.freeze(value, 1)));
        return new Value.Dict(out, owner.at());
    }

    private static void checkDepth(Obj value, int depth) {
        UserError.require(
                depth <= TokenStream.DEEPEST,
                "%s: this %s is nested deeper than %d levels, or holds itself",
                value.at(),
                value.kind(),
                TokenStream.DEEPEST);
    }

    private static final class Freezer {
        private long nodes;

        Value freeze(Obj value, int depth) {
            checkDepth(value, depth);
            UserError.require(++nodes <= LARGEST, "%s: this config has more than %d values", value.at(), LARGEST);
            return switch (value) {
                case Atom a -> a.value();
                case ListObj l -> new Value.Seq(freeze(l.items(), depth), false, l.at());
                case TupleObj t -> new Value.Seq(freeze(t.items(), depth), true, t.at());
                case DictObj d -> {
                    Map<String, Value> entries = new LinkedHashMap<>();
                    d.entries().forEach((key, item) -> entries.put(key, freeze(item, depth + 1)));
                    yield new Value.Dict(entries, d.at());
                }
                case Obj.Module m -> throw notData(m);
                case Obj.Function f -> throw notData(f);
            };
        }

        private List<Value> freeze(List<Obj> items, int depth) {
            return items.stream().map(item -> freeze(item, depth + 1)).toList();
        }

        private static UserError notData(Obj value) {
            return UserError.of(
                    "%s: a %s cannot be a config's value; use None, a bool, a number, a string, a list, a tuple or a dict",
                    value.at(), value.kind());
        }
    }
}
