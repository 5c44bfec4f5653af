package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.IntKey;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.config.python.Obj.Atom;
import dev.taxon.config.python.Obj.DictObj;
import dev.taxon.config.python.Obj.ListObj;
import dev.taxon.config.python.Obj.TupleObj;
import java.util.ArrayList;
import java.util.List;

/** Python's operators on config values. Ints are 64 bits wide: what does not fit is an error, not a wrap. */
final class Operators {
    private final Budget budget;
    private final Text text;

    Operators(Budget budget, Text text) {
        this.budget = budget;
        this.text = text;
    }

    Obj binary(String operator, Obj a, Obj b, Position at) {
        if (a instanceof Atom(Value.Text left)) {
            if (operator.equals("%")) {
                return Obj.of(text.percent(left.value(), b, at), at);
            }
            if (operator.equals("+") && b instanceof Atom(Value.Text right)) {
                budget.grow((long) left.value().length() + right.value().length(), at);
                return Obj.of(left.value() + right.value(), at);
            }
        }
        if (operator.equals("+") && a instanceof ListObj l && b instanceof ListObj r) {
            return new ListObj(joined(l.items(), r.items(), at), at);
        }
        if (operator.equals("+") && a instanceof TupleObj l && b instanceof TupleObj r) {
            return new TupleObj(joined(l.items(), r.items(), at), at);
        }
        if (operator.equals("*") && isInt(b) && !isNumber(a)) {
            return repeat(a, integer(b), at);
        }
        if (operator.equals("*") && isInt(a) && !isNumber(b)) {
            return repeat(b, integer(a), at);
        }
        if (!isNumber(a) || !isNumber(b)) {
            throw unsupported(operator, a, b, at);
        }
        if (isInt(a) && isInt(b) && !operator.equals("/")) {
            long right = integer(b);
            if (!operator.equals("**") || right >= 0) {
                return Obj.of(integers(operator, integer(a), right, at), at);
            }
        }
        return Obj.of(reals(operator, real(a), real(b), at), at);
    }

    private List<Obj> joined(List<Obj> a, List<Obj> b, Position at) {
        budget.grow((long) a.size() + b.size(), at);
        ArrayList<Obj> out = new ArrayList<>(a);
        out.addAll(b);
        return out;
    }

    private Obj repeat(Obj value, long wanted, Position at) {
        long times = Math.max(0, wanted);
        int size = switch (value) {
            case Atom(Value.Text t) -> t.value().length();
            case ListObj l -> l.items().size();
            case TupleObj t -> t.items().size();
            default -> throw unsupported("*", value, Obj.of(wanted, at), at);
        };
        budget.grow(size == 0 ? 0 : Math.multiplyExact(size, Math.min(times, Integer.MAX_VALUE)), at);
        int count = size == 0 ? 0 : (int) times;
        if (value instanceof Atom(Value.Text t)) {
            return Obj.of(t.value().repeat(count), at);
        }
        List<Obj> items = value instanceof ListObj l ? l.items() : ((TupleObj) value).items();
        ArrayList<Obj> out = new ArrayList<>(size * count);
        for (int i = 0; i < count; i++) {
            out.addAll(items);
        }
        return value instanceof ListObj ? new ListObj(out, at) : new TupleObj(out, at);
    }

    private static long integers(String operator, long a, long b, Position at) {
        try {
            return switch (operator) {
                case "+" -> Math.addExact(a, b);
                case "-" -> Math.subtractExact(a, b);
                case "*" -> Math.multiplyExact(a, b);
                case "//" -> {
                    requireDivisor(b != 0, at);
                    yield Math.floorDivExact(a, b);
                }
                case "%" -> {
                    requireDivisor(b != 0, at);
                    yield Math.floorMod(a, b);
                }
                case "**" -> power(a, b);
                default -> throw new IllegalStateException(operator);
            };
        } catch (ArithmeticException e) {
            throw new UserError(at + ": the result of '" + operator + "' does not fit into 64 bits", e);
        }
    }

    private static long power(long base, long exponent) {
        long result = 1;
        long square = base;
        for (long e = exponent; e > 0; e >>= 1) {
            if ((e & 1) == 1) {
                result = Math.multiplyExact(result, square);
            }
            if (e > 1) {
                // A base of 0, 1 or -1 never overflows; any other does within 63 doublings.
                square = Math.multiplyExact(square, square);
            }
        }
        return result;
    }

    private static double reals(String operator, double a, double b, Position at) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> {
                requireDivisor(b != 0, at);
                yield a / b;
            }
            case "//" -> {
                requireDivisor(b != 0, at);
                yield Math.floor(a / b);
            }
            case "%" -> {
                requireDivisor(b != 0, at);
                double rest = a % b;
                yield rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
            }
            case "**" -> {
                requireDivisor(a != 0 || b >= 0, at);
                double result = Math.pow(a, b);
                UserError.require(
                        !Double.isNaN(result) || Double.isNaN(a) || Double.isNaN(b),
                        "%s: a negative number has no real power %s",
                        at,
                        b);
                yield result;
            }
            default -> throw new IllegalStateException(operator);
        };
    }

    private static void requireDivisor(boolean valid, Position at) {
        UserError.require(valid, "%s: division by zero", at);
    }

    Obj unary(String operator, Obj value, Position at) {
        if (operator.equals("not")) {
            return Obj.of(!truth(value), at);
        }
        UserError.require(isNumber(value), "%s: '%s' needs a number, got %s", at, operator, value.kind());
        if (isInt(value)) {
            return Obj.of(operator.equals("-") ? integers("-", 0, integer(value), at) : integer(value), at);
        }
        return Obj.of(operator.equals("-") ? -real(value) : real(value), at);
    }

    boolean compare(String operator, Obj a, Obj b, Position at) {
        return switch (operator) {
            case "==" -> same(a, b, at);
            case "!=" -> !same(a, b, at);
            case "is" -> identical(a, b, at);
            case "is not" -> !identical(a, b, at);
            case "in" -> contains(b, a, at);
            case "not in" -> !contains(b, a, at);
            default -> {
                int order = order(operator, a, b, at);
                yield order != UNORDERED
                        && switch (operator) {
                            case "<" -> order < 0;
                            case "<=" -> order <= 0;
                            case ">" -> order > 0;
                            case ">=" -> order >= 0;
                            default -> throw new IllegalStateException(operator);
                        };
            }
        };
    }

    private static final int UNORDERED = 2;

    /** Negative, zero or positive; {@link #UNORDERED} with a NaN. */
    int order(String operator, Obj a, Obj b, Position at) {
        if (isInt(a) && isInt(b)) {
            return Long.compare(integer(a), integer(b));
        }
        if (isNumber(a) && isNumber(b)) {
            double x = real(a);
            double y = real(b);
            return x < y ? -1 : x > y ? 1 : x == y ? 0 : UNORDERED;
        }
        if (a instanceof Atom(Value.Text x) && b instanceof Atom(Value.Text y)) {
            return Integer.signum(x.value().compareTo(y.value()));
        }
        throw unsupported(operator, a, b, at);
    }

    private boolean identical(Obj a, Obj b, Position at) {
        boolean atoms = a instanceof Atom || b instanceof Atom;
        UserError.require(atoms, "%s: 'is' compares with None, True or False; use '=='", at);
        return a.kind().equals(b.kind()) && same(a, b, at);
    }

    boolean same(Obj a, Obj b, Position at) {
        return same(a, b, at, 0);
    }

    private boolean same(Obj a, Obj b, Position at, int depth) {
        budget.step(at);
        UserError.require(
                depth <= TokenStream.DEEPEST,
                "%s: the compared values are nested deeper than %d levels",
                at,
                TokenStream.DEEPEST);
        if (isNumber(a) && isNumber(b)) {
            return (isInt(a) && isInt(b)) ? (integer(a) == integer(b)) : (real(a) == real(b));
        }
        return switch (a) {
            case Atom(Value.Text x) ->
                b instanceof Atom(Value.Text y) && x.value().equals(y.value());
            case Atom(Value.None x) -> b instanceof Atom(Value.None y);
            case Atom x -> false;
            case ListObj x -> b instanceof ListObj y && same(x.items(), y.items(), at, depth);
            case TupleObj x -> b instanceof TupleObj y && same(x.items(), y.items(), at, depth);
            case DictObj x ->
                b instanceof DictObj y
                        && x.entries().keySet().equals(y.entries().keySet())
                        && same(
                                List.copyOf(x.entries().values()),
                                x.entries().keySet().stream()
                                        .map(key -> dictItem(y, key))
                                        .toList(),
                                at,
                                depth);
            case Obj.Module x -> x.equals(b);
            case Obj.Function x -> x.equals(b);
        };
    }

    private static Obj dictItem(DictObj dict, String key) {
        Obj value = dict.entries().get(key);
        return value == null ? dict : value;
    }

    private boolean same(List<Obj> a, List<Obj> b, Position at, int depth) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i), at, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean contains(Obj owner, Obj value, Position at) {
        return switch (owner) {
            case ListObj l -> l.items().stream().anyMatch(item -> same(item, value, at));
            case TupleObj t -> t.items().stream().anyMatch(item -> same(item, value, at));
            case DictObj d ->
                (value instanceof Atom(Value.Text t) && d.entries().containsKey(t.value()))
                        || (value instanceof Atom(Value.Int i) && d.entries().containsKey(IntKey.of(i.value())));
            case Atom(Value.Text s)
            when value instanceof Atom(Value.Text part) -> s.value().contains(part.value());
            default -> throw unsupported("in", value, owner, at);
        };
    }

    static boolean truth(Obj value) {
        return switch (value) {
            case Atom(Value.None v) -> false;
            case Atom(Value.Bool v) -> v.value();
            case Atom(Value.Int v) -> v.value() != 0;
            case Atom(Value.Real v) -> v.value() != 0;
            case Atom(Value.Text v) -> !v.value().isEmpty();
            case Atom a -> true;
            case ListObj l -> !l.items().isEmpty();
            case TupleObj t -> !t.items().isEmpty();
            case DictObj d -> !d.entries().isEmpty();
            case Obj.Module m -> true;
            case Obj.Function f -> true;
        };
    }

    /** An int or a bool, which counts as 0 or 1. */
    static boolean isInt(Obj value) {
        return value instanceof Atom(Value v) && (v instanceof Value.Int || v instanceof Value.Bool);
    }

    static boolean isNumber(Obj value) {
        return isInt(value) || value instanceof Atom(Value.Real v);
    }

    static long integer(Obj value) {
        return switch (value) {
            case Atom(Value.Int v) -> v.value();
            case Atom(Value.Bool v) -> v.value() ? 1 : 0;
            default -> throw new IllegalStateException(value.kind());
        };
    }

    static double real(Obj value) {
        return value instanceof Atom(Value.Real v) ? v.value() : integer(value);
    }

    private static UserError unsupported(String operator, Obj a, Obj b, Position at) {
        return UserError.of("%s: '%s' cannot be used between %s and %s", at, operator, a.kind(), b.kind());
    }
}
