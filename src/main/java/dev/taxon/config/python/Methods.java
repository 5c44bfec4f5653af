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
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The methods that a config may call on dicts, lists and strings. */
final class Methods {
    private static final Set<String> OF_DICT =
            Set.of("update", "get", "pop", "keys", "values", "items", "copy", "setdefault", "clear");
    private static final Set<String> OF_LIST =
            Set.of("append", "extend", "insert", "pop", "remove", "copy", "index", "count", "reverse", "clear");
    private static final Set<String> OF_TUPLE = Set.of("index", "count");
    private static final Set<String> OF_STR =
            Set.of("format", "join", "split", "strip", "lower", "upper", "replace", "startswith", "endswith");

    private final Budget budget;
    private final Operators operators;
    private final Builtins builtins;
    private final Text text;

    Methods(Budget budget, Operators operators, Builtins builtins, Text text) {
        this.budget = budget;
        this.operators = operators;
        this.builtins = builtins;
        this.text = text;
    }

    Obj call(Obj owner, String name, List<Obj> args, Map<String, Obj> named, Position at) {
        budget.step(at);
        return switch (owner) {
            case DictObj d -> dict(d, known(name, OF_DICT, owner, at), args, named, at);
            case ListObj l -> list(l, known(name, OF_LIST, owner, at), plain(name, args, named, at), at);
            case TupleObj t -> search(t.items(), known(name, OF_TUPLE, owner, at), plain(name, args, named, at), at);
            case Atom(Value.Text s) -> {
                known(name, OF_STR, owner, at);
                yield name.equals("format")
                        ? Obj.of(text.format(s.value(), args, named, at), at)
                        : string(s.value(), name, plain(name, args, named, at), at);
            }
            default -> throw UserError.of("%s: %s has no method '%s'", at, owner.kind(), name);
        };
    }

    private static String known(String name, Set<String> methods, Obj owner, Position at) {
        UserError.require(
                methods.contains(name),
                "%s: %s has no method '%s' in a config; %s",
                at,
                owner.kind(),
                name,
                Nearest.suggestion(name, methods));
        return name;
    }

    private static List<Obj> plain(String name, List<Obj> args, Map<String, Obj> named, Position at) {
        UserError.require(named.isEmpty(), "%s: .%s() takes no named arguments here", at, name);
        return args;
    }

    private Obj dict(DictObj owner, String name, List<Obj> args, Map<String, Obj> named, Position at) {
        Map<String, Obj> entries = owner.entries();
        if (name.equals("update")) {
            count(name, args, 0, 1, at);
            if (!args.isEmpty()) {
                builtins.update(entries, args.getFirst(), at);
            }
            entries.putAll(named);
            return Obj.none(at);
        }
        plain(name, args, named, at);
        return switch (name) {
            case "keys" -> new ListObj(Builtins.keys(entries, at), at);
            case "values" -> new ListObj(new ArrayList<>(entries.values()), at);
            case "items" -> {
                ArrayList<Obj> pairs = new ArrayList<>();
                entries.forEach((k, v) -> pairs.add(new TupleObj(List.of(Builtins.keyOf(k, at), v), at)));
                budget.grow(pairs.size(), at);
                yield new ListObj(pairs, at);
            }
            case "copy" -> {
                budget.grow(entries.size(), at);
                yield new DictObj(new LinkedHashMap<>(entries), owner.at());
            }
            case "clear" -> {
                entries.clear();
                yield Obj.none(at);
            }
            default -> {
                count(name, args, 1, 2, at);
                String key = Builtins.key(args.getFirst(), at);
                Obj found = name.equals("pop") ? entries.remove(key) : entries.get(key);
                if (found != null) {
                    yield found;
                }
                UserError.require(
                        args.size() == 2 || !name.equals("pop"),
                        "%s: there is no key '%s' to pop; %s",
                        at,
                        IntKey.shown(key),
                        Nearest.suggestion(key, entries.keySet()));
                Obj otherwise = args.size() == 2 ? args.get(1) : Obj.none(at);
                if (name.equals("setdefault")) {
                    entries.put(key, otherwise);
                }
                yield otherwise;
            }
        };
    }

    private Obj list(ListObj owner, String name, List<Obj> args, Position at) {
        List<Obj> items = owner.items();
        return switch (name) {
            case "append" -> {
                count(name, args, 1, 1, at);
                budget.grow(1, at);
                items.add(args.getFirst());
                yield Obj.none(at);
            }
            case "extend" -> {
                count(name, args, 1, 1, at);
                items.addAll(builtins.items(args.getFirst(), at));
                yield Obj.none(at);
            }
            case "insert" -> {
                count(name, args, 2, 2, at);
                budget.grow(1, at);
                long index = integer(name, args.getFirst(), at);
                long from = index < 0 ? Math.max(0, items.size() + index) : Math.min(index, items.size());
                items.add((int) from, args.get(1));
                yield Obj.none(at);
            }
            case "pop" -> {
                count(name, args, 0, 1, at);
                long index = args.isEmpty() ? -1 : integer(name, args.getFirst(), at);
                yield items.remove(Subscripts.position(index, items.size(), at));
            }
            case "remove" -> {
                count(name, args, 1, 1, at);
                for (int i = 0; i < items.size(); i++) {
                    if (operators.same(items.get(i), args.getFirst(), at)) {
                        items.remove(i);
                        yield Obj.none(at);
                    }
                }
                throw UserError.of("%s: the list does not hold the value to remove", at);
            }
            case "copy" -> new ListObj(builtins.items(owner, at), owner.at());
            case "reverse" -> {
                Collections.reverse(items);
                yield Obj.none(at);
            }
            case "clear" -> {
                items.clear();
                yield Obj.none(at);
            }
            default -> search(items, name, args, at);
        };
    }

    private Obj search(List<Obj> items, String name, List<Obj> args, Position at) {
        count(name, args, 1, 1, at);
        long found = 0;
        for (int i = 0; i < items.size(); i++) {
            if (operators.same(items.get(i), args.getFirst(), at)) {
                if (name.equals("index")) {
                    return Obj.of((long) i, at);
                }
                found++;
            }
        }
        UserError.require(name.equals("count"), "%s: the value is not there", at);
        return Obj.of(found, at);
    }

    private Obj string(String owner, String name, List<Obj> args, Position at) {
        return switch (name) {
            case "lower" -> Obj.of(owner.toLowerCase(Locale.ROOT), at);
            case "upper" -> Obj.of(owner.toUpperCase(Locale.ROOT), at);
            case "strip" -> {
                count(name, args, 0, 0, at);
                yield Obj.of(owner.strip(), at);
            }
            case "join" -> {
                count(name, args, 1, 1, at);
                String joined = builtins.items(args.getFirst(), at).stream()
                        .map(item -> string(name, item, at))
                        .collect(Collectors.joining(owner));
                budget.grow(joined.length(), at);
                yield Obj.of(joined, at);
            }
            case "split" -> {
                count(name, args, 0, 1, at);
                ArrayList<Obj> parts = new ArrayList<>();
                for (String part : parts(owner, args, at)) {
                    parts.add(Obj.of(part, at));
                }
                budget.grow(parts.size(), at);
                yield new ListObj(parts, at);
            }
            case "replace" -> {
                count(name, args, 2, 2, at);
                String from = string(name, args.getFirst(), at);
                String to = string(name, args.get(1), at);
                budget.grow((owner.length() + 1L) * (to.length() + 1L), at);
                yield Obj.of(owner.replace(from, to), at);
            }
            case "startswith", "endswith" -> {
                count(name, args, 1, 1, at);
                String part = string(name, args.getFirst(), at);
                yield Obj.of(name.equals("startswith") ? owner.startsWith(part) : owner.endsWith(part), at);
            }
            default -> throw new IllegalStateException(name);
        };
    }

    private static List<String> parts(String owner, List<Obj> args, Position at) {
        if (args.isEmpty()) {
            return owner.isBlank() ? List.of() : Arrays.asList(owner.strip().split("\\s+", -1));
        }
        String separator = string("split", args.getFirst(), at);
        UserError.require(!separator.isEmpty(), "%s: .split() takes no empty separator", at);
        List<String> out = new ArrayList<>();
        int from = 0;
        for (int i = owner.indexOf(separator); i >= 0; i = owner.indexOf(separator, from)) {
            out.add(owner.substring(from, i));
            from = i + separator.length();
        }
        out.add(owner.substring(from));
        return out;
    }

    private static String string(String name, Obj value, Position at) {
        if (value instanceof Atom(Value.Text t)) {
            return t.value();
        }
        throw UserError.of("%s: .%s() takes str, got %s", at, name, value.kind());
    }

    private static long integer(String name, Obj value, Position at) {
        UserError.require(Operators.isInt(value), "%s: .%s() takes an int, got %s", at, name, value.kind());
        return Operators.integer(value);
    }

    private static void count(String name, List<Obj> args, int least, int most, Position at) {
        UserError.require(
                args.size() >= least && args.size() <= most,
                "%s: .%s() takes %s, got %d",
                at,
                name,
                least == most ? least + " arguments" : least + " to " + most + " arguments",
                args.size());
    }
}
