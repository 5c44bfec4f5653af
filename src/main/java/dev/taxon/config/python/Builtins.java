package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.IntKey;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.config.python.Obj.Atom;
import dev.taxon.config.python.Obj.DictObj;
import dev.taxon.config.python.Obj.ListObj;
import dev.taxon.config.python.Obj.TupleObj;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The functions that a config may call by name. */
final class Builtins {
    static final Set<String> NAMES = Set.of(
            "dict",
            "list",
            "tuple",
            "range",
            "len",
            "int",
            "float",
            "str",
            "bool",
            "min",
            "max",
            "sum",
            "abs",
            "round",
            "sorted",
            "zip",
            "enumerate",
            "reversed",
            "any",
            "all");

    /** Functions that a printed config needs: these names cannot be given away. */
    static final Set<String> FIXED = Set.of("dict", "float", "int");

    private final Budget budget;
    private final Operators operators;
    private final Text text;

    Builtins(Budget budget, Operators operators, Text text) {
        this.budget = budget;
        this.operators = operators;
        this.text = text;
    }

    Obj call(String name, List<Obj> args, Map<String, Obj> named, Position at) {
        if (name.equals("dict")) {
            return dict(args, named, at);
        }
        UserError.require(named.isEmpty(), "%s: %s() takes no named arguments here", at, name);
        return switch (name) {
            case "copy.deepcopy", "copy.copy" -> {
                Obj value = one(name, args, at);
                yield name.equals("copy.copy") ? shallow(value, at) : Trees.copy(value, budget);
            }
            case "list" -> new ListObj(args.isEmpty() ? new ArrayList<>() : items(one(name, args, at), at), at);
            case "tuple" -> new TupleObj(args.isEmpty() ? List.of() : items(one(name, args, at), at), at);
            case "sorted" -> new ListObj(sorted(items(one(name, args, at), at), at), at);
            case "reversed" -> {
                List<Obj> items = items(one(name, args, at), at);
                Collections.reverse(items);
                yield new ListObj(items, at);
            }
            case "enumerate" -> enumerate(items(one(name, args, at), at), at);
            case "zip" -> zip(args, at);
            case "range" -> range(args, at);
            case "len" -> Obj.of((long) length(one(name, args, at), at), at);
            case "int" -> integer(args.isEmpty() ? Obj.of(0L, at) : one(name, args, at), at);
            case "float" -> real(args.isEmpty() ? Obj.of(0L, at) : one(name, args, at), at);
            case "str" -> Obj.of(args.isEmpty() ? "" : text.str(one(name, args, at), at), at);
            case "bool" -> Obj.of(!args.isEmpty() && Operators.truth(one(name, args, at)), at);
            case "any" -> Obj.of(items(one(name, args, at), at).stream().anyMatch(Operators::truth), at);
            case "all" -> Obj.of(items(one(name, args, at), at).stream().allMatch(Operators::truth), at);
            case "min", "max" -> extreme(name, args.size() == 1 ? items(args.getFirst(), at) : args, at);
            case "sum" -> sum(args, at);
            case "abs" -> {
                Obj value = number(name, one(name, args, at), at);
                boolean negative = operators.order("<", value, Obj.of(0L, at), at) == -1;
                yield negative ? operators.unary("-", value, at) : operators.unary("+", value, at);
            }
            case "round" -> round(args, at);
            default -> throw new IllegalStateException(name);
        };
    }

    private DictObj dict(List<Obj> args, Map<String, Obj> named, Position at) {
        LinkedHashMap<String, Obj> entries = new LinkedHashMap<>();
        if (!args.isEmpty()) {
            update(entries, one("dict", args, at), at);
        }
        entries.putAll(named);
        budget.grow(entries.size(), at);
        return new DictObj(entries, at);
    }

    /** Adds a dict, or pairs of key and value. */
    void update(Map<String, Obj> entries, Obj from, Position at) {
        if (from instanceof DictObj d) {
            entries.putAll(d.entries());
            return;
        }
        for (Obj pair : items(from, at)) {
            List<Obj> both = items(pair, at);
            UserError.require(both.size() == 2, "%s: dict() takes pairs of key and value", at);
            entries.put(key(both.getFirst(), at), both.getLast());
        }
    }

    static String key(Obj key, Position at) {
        if (key instanceof Atom(Value.Text t)) {
            return IntKey.of(t.value(), at);
        }
        if (key instanceof Atom(Value.Int i)) {
            return IntKey.of(i.value());
        }
        throw UserError.of("%s: a dict's key must be str or int, got %s", at, key.kind());
    }

    private static Obj one(String name, List<Obj> args, Position at) {
        UserError.require(args.size() == 1, "%s: %s() takes one argument, got %d", at, name, args.size());
        return args.getFirst();
    }

    private Obj shallow(Obj value, Position at) {
        return switch (value) {
            case ListObj l -> new ListObj(items(l, at), l.at());
            case DictObj d -> {
                budget.grow(d.entries().size(), at);
                yield new DictObj(new LinkedHashMap<>(d.entries()), d.at());
            }
            case TupleObj t -> t;
            case Atom a -> a;
            case Obj.Module m -> m;
            case Obj.Function f -> f;
        };
    }

    /** What {@code for} goes through: the items of a list or tuple, a dict's keys, a string's characters. A new list. */
    List<Obj> items(Obj value, Position at) {
        List<Obj> out = switch (value) {
            case ListObj l -> new ArrayList<>(l.items());
            case TupleObj t -> new ArrayList<>(t.items());
            case DictObj d -> keys(d.entries(), at);
            case Atom(Value.Text s) -> characters(s.value(), at);
            default -> throw UserError.of("%s: expected a list, tuple, dict or str, got %s", at, value.kind());
        };
        budget.grow(out.size(), at);
        return out;
    }

    static List<Obj> keys(Map<String, Obj> entries, Position at) {
        ArrayList<Obj> out = new ArrayList<>();
        entries.keySet().forEach(key -> out.add(keyOf(key, at)));
        return out;
    }

    /** What Python sees as this key of a dict. */
    static Obj keyOf(String key, Position at) {
        return IntKey.is(key) ? Obj.of(Long.parseLong(IntKey.shown(key)), at) : Obj.of(key, at);
    }

    private static List<Obj> characters(String s, Position at) {
        ArrayList<Obj> out = new ArrayList<>();
        s.codePoints().forEach(c -> out.add(Obj.of(Character.toString(c), at)));
        return out;
    }

    private static int length(Obj value, Position at) {
        return switch (value) {
            case ListObj l -> l.items().size();
            case TupleObj t -> t.items().size();
            case DictObj d -> d.entries().size();
            case Atom(Value.Text s) -> s.value().codePointCount(0, s.value().length());
            default -> throw UserError.of("%s: %s has no length", at, value.kind());
        };
    }

    private ListObj range(List<Obj> args, Position at) {
        UserError.require(
                !args.isEmpty() && args.size() <= 3 && args.stream().allMatch(Operators::isInt),
                "%s: range() takes one to three ints",
                at);
        long from = args.size() == 1 ? 0 : Operators.integer(args.getFirst());
        long to = Operators.integer(args.get(args.size() == 1 ? 0 : 1));
        long by = args.size() == 3 ? Operators.integer(args.get(2)) : 1;
        UserError.require(by != 0, "%s: range() takes no step of 0", at);
        ArrayList<Obj> out = new ArrayList<>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            budget.grow(1, at);
            out.add(Obj.of(i, at));
            boolean wraps = by > 0 ? i > Long.MAX_VALUE - by : i < Long.MIN_VALUE - by;
            if (wraps) {
                break;
            }
        }
        return new ListObj(out, at);
    }

    private Obj enumerate(List<Obj> items, Position at) {
        ArrayList<Obj> out = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            out.add(new TupleObj(List.of(Obj.of((long) i, at), items.get(i)), at));
        }
        return new ListObj(out, at);
    }

    private Obj zip(List<Obj> args, Position at) {
        List<List<Obj>> columns = args.stream().map(arg -> items(arg, at)).toList();
        int rows = columns.stream().mapToInt(List::size).min().orElse(0);
        ArrayList<Obj> out = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int row = i;
            out.add(new TupleObj(columns.stream().map(column -> column.get(row)).toList(), at));
        }
        return new ListObj(out, at);
    }

    private List<Obj> sorted(List<Obj> items, Position at) {
        for (Obj item : items) {
            operators.order("<", items.getFirst(), item, at);
        }
        items.sort((a, b) -> operators.compare("<", a, b, at) ? -1 : operators.compare("<", b, a, at) ? 1 : 0);
        return items;
    }

    private Obj extreme(String name, List<Obj> items, Position at) {
        UserError.require(!items.isEmpty(), "%s: %s() of nothing", at, name);
        Obj best = items.getFirst();
        for (Obj item : items) {
            if (operators.compare(name.equals("min") ? "<" : ">", item, best, at)) {
                best = item;
            }
        }
        return best;
    }

    private Obj sum(List<Obj> args, Position at) {
        UserError.require(args.size() == 1 || args.size() == 2, "%s: sum() takes a list and a start", at);
        Obj total = args.size() == 2 ? args.get(1) : Obj.of(0L, at);
        for (Obj item : items(args.getFirst(), at)) {
            total = operators.binary("+", total, item, at);
        }
        return total;
    }

    private static Obj number(String name, Obj value, Position at) {
        UserError.require(Operators.isNumber(value), "%s: %s() takes a number, got %s", at, name, value.kind());
        return value;
    }

    private static Obj integer(Obj value, Position at) {
        if (value instanceof Atom(Value.Text s)) {
            OptionalLong read = Words.integer(s.value());
            UserError.require(read.isPresent(), "%s: int() cannot read %s", at, Strings.quote(s.value()));
            return Obj.of(read.getAsLong(), at);
        }
        number("int", value, at);
        if (Operators.isInt(value)) {
            return Obj.of(Operators.integer(value), at);
        }
        double real = Operators.real(value);
        UserError.require(Math.abs(real) < 0x1p63, "%s: int() of %s does not fit into 64 bits", at, Numbers.text(real));
        return Obj.of((long) real, at);
    }

    private static Obj real(Obj value, Position at) {
        if (value instanceof Atom(Value.Text s)) {
            return Obj.of(
                    Words.real(s.value())
                            .orElseThrow(
                                    () -> UserError.of("%s: float() cannot read %s", at, Strings.quote(s.value()))),
                    at);
        }
        return Obj.of(Operators.real(number("float", value, at)), at);
    }

    /** Python rounds the exact binary value, halves to even. */
    private static Obj round(List<Obj> args, Position at) {
        UserError.require(args.size() == 1 || args.size() == 2, "%s: round() takes a number and digits", at);
        Obj value = number("round", args.getFirst(), at);
        if (Operators.isInt(value) && args.size() == 1) {
            return value;
        }
        double real = Operators.real(value);
        UserError.require(Double.isFinite(real), "%s: round() of %s", at, Numbers.text(real));
        if (args.size() == 1) {
            return integer(Obj.of(Math.rint(real), at), at);
        }
        UserError.require(
                Operators.isInt(args.get(1)) && Math.abs(Operators.integer(args.get(1))) <= 300,
                "%s: round() takes an int number of digits",
                at);
        int digits = (int) Operators.integer(args.get(1));
        double rounded =
                new BigDecimal(real).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
        return Operators.isInt(value) ? integer(Obj.of(rounded, at), at) : Obj.of(rounded, at);
    }
}
