package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.IntKey;
import dev.taxon.config.Nearest;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.config.python.Obj.Atom;
import dev.taxon.config.python.Obj.DictObj;
import dev.taxon.config.python.Obj.ListObj;
import dev.taxon.config.python.Obj.TupleObj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code a[i]}, {@code a['key']}, {@code a[1:3]}: read, assigned and deleted. */
final class Subscripts {
    private Subscripts() {}

    static Obj read(Obj owner, Obj index, Position at) {
        return switch (owner) {
            case DictObj d -> entry(d, Builtins.key(index, at), at);
            case ListObj l -> l.items().get(position(index, l.items().size(), at));
            case TupleObj t -> t.items().get(position(index, t.items().size(), at));
            case Atom(Value.Text s) -> {
                int i = position(index, s.value().length(), at);
                yield Obj.of(s.value().substring(i, i + 1), at);
            }
            default -> throw UserError.of("%s: %s has no items", at, owner.kind());
        };
    }

    static Obj entry(DictObj dict, String key, Position at) {
        Obj value = dict.entries().get(key);
        if (value == null) {
            throw UserError.of(
                    "%s: there is no key '%s'; %s",
                    at,
                    IntKey.shown(key),
                    dict.entries().isEmpty()
                            ? "the dict is empty"
                            : Nearest.suggestion(IntKey.shown(key), shown(dict)));
        }
        return value;
    }

    private static List<String> shown(DictObj dict) {
        return dict.entries().keySet().stream().map(IntKey::shown).toList();
    }

    static void write(Obj owner, Obj index, Obj value, Position at) {
        switch (owner) {
            case DictObj d -> d.entries().put(Builtins.key(index, at), value);
            case ListObj l -> l.items().set(position(index, l.items().size(), at), value);
            default -> throw UserError.of("%s: an item of %s cannot be set", at, owner.kind());
        }
    }

    static void delete(Obj owner, Obj index, Position at) {
        switch (owner) {
            case DictObj d -> {
                String key = Builtins.key(index, at);
                entry(d, key, at);
                d.entries().remove(key);
            }
            case ListObj l -> l.items().remove(position(index, l.items().size(), at));
            default -> throw UserError.of("%s: an item of %s cannot be deleted", at, owner.kind());
        }
    }

    private static int position(Obj index, int size, Position at) {
        UserError.require(Operators.isInt(index), "%s: an index must be int, got %s", at, index.kind());
        return position(Operators.integer(index), size, at);
    }

    /** A place in a list; negative ones count from the end. */
    static int position(long index, int size, Position at) {
        long place = index < 0 ? index + size : index;
        UserError.require(
                place >= 0 && place < size, "%s: index %d is outside of a list of length %d", at, index, size);
        return (int) place;
    }

    /** {@code owner[from:to:by]} of a list, tuple or string. */
    static Obj slice(Obj owner, Optional<Obj> from, Optional<Obj> to, Optional<Obj> by, Position at) {
        if (owner instanceof Atom(Value.Text s)) {
            StringBuilder out = new StringBuilder();
            for (int i : places(s.value().length(), from, to, by, at)) {
                out.append(s.value().charAt(i));
            }
            return Obj.of(out.toString(), at);
        }
        boolean list = owner instanceof ListObj;
        UserError.require(list || owner instanceof TupleObj, "%s: %s cannot be sliced", at, owner.kind());
        List<Obj> items = owner instanceof ListObj l ? l.items() : ((TupleObj) owner).items();
        ArrayList<Obj> out = new ArrayList<>();
        for (int i : places(items.size(), from, to, by, at)) {
            out.add(items.get(i));
        }
        return list ? new ListObj(out, at) : new TupleObj(out, at);
    }

    private static List<Integer> places(int size, Optional<Obj> from, Optional<Obj> to, Optional<Obj> by, Position at) {
        long step = by.map(value -> bound(value, at)).orElse(1L);
        UserError.require(step != 0, "%s: a slice takes no step of 0", at);
        long lowest = step > 0 ? 0 : -1;
        long highest = step > 0 ? size : size - 1L;
        long first = from.map(v -> clamp(bound(v, at), size, lowest, highest)).orElse(step > 0 ? lowest : highest);
        long end = to.map(v -> clamp(bound(v, at), size, lowest, highest)).orElse(step > 0 ? highest : lowest);
        List<Integer> out = new ArrayList<>();
        for (long i = first; step > 0 ? i < end : i > end; i += step) {
            out.add((int) i);
            if (Math.abs(step) > size) {
                break;
            }
        }
        return out;
    }

    private static long bound(Obj value, Position at) {
        UserError.require(Operators.isInt(value), "%s: a slice's bounds must be int, got %s", at, value.kind());
        return Operators.integer(value);
    }

    private static long clamp(long bound, int size, long lowest, long highest) {
        long place = bound < 0 ? bound + size : bound;
        return Math.min(highest, Math.max(lowest, place));
    }
}
