package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.config.python.Obj.Atom;
import dev.taxon.config.python.Obj.DictObj;
import dev.taxon.config.python.Obj.ListObj;
import dev.taxon.config.python.Obj.TupleObj;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values as text: {@code str}, {@code repr}, {@code '%d' % x} and {@code '{}'.format(x)}. */
final class Text {
    private static final Pattern PERCENT =
            Pattern.compile("%(?:\\((\\w+)\\))?([-+ 0#]*)(\\d{0,3})(?:\\.(\\d{1,3}))?(.?)");

    private final Budget budget;

    Text(Budget budget) {
        this.budget = budget;
    }

    String str(Obj value, Position at) {
        String out = value instanceof Atom(Value.Text t) ? t.value() : repr(value, at, 0);
        budget.grow(out.length(), at);
        return out;
    }

    private String repr(Obj value, Position at, int depth) {
        budget.step(at);
        UserError.require(
                depth <= TokenStream.DEEPEST, "%s: the value is nested deeper than %d levels", at, TokenStream.DEEPEST);
        return switch (value) {
            case Atom(Value.None v) -> "None";
            case Atom(Value.Bool v) -> v.value() ? "True" : "False";
            case Atom(Value.Int v) -> Long.toString(v.value());
            case Atom(Value.Real v) -> Numbers.text(v.value());
            case Atom(Value.Text v) -> Strings.quote(v.value());
            case Atom a -> throw new IllegalStateException(a.kind());
            case ListObj l -> "[" + joined(l.items(), at, depth) + "]";
            case TupleObj t -> "(" + joined(t.items(), at, depth) + (t.items().size() == 1 ? ",)" : ")");
            case DictObj d ->
                d.entries().entrySet().stream()
                        .map(e -> repr(Builtins.keyOf(e.getKey(), at), at, depth + 1) + ": "
                                + repr(e.getValue(), at, depth + 1))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Obj.Module m -> throw UserError.of("%s: a module has no text", at);
            case Obj.Function f -> throw UserError.of("%s: a function has no text", at);
        };
    }

    private String joined(List<Obj> items, Position at, int depth) {
        String out = items.stream().map(item -> repr(item, at, depth + 1)).collect(Collectors.joining(", "));
        budget.grow(out.length(), at);
        return out;
    }

    /** {@code format % values}: one value, a tuple of them, or a dict for {@code %(name)s}. */
    String percent(String format, Obj values, Position at) {
        List<Obj> arguments = values instanceof TupleObj t ? t.items() : List.of(values);
        StringBuilder out = new StringBuilder();
        Matcher m = PERCENT.matcher(format);
        int from = 0;
        int used = 0;
        while (m.find(from)) {
            out.append(format, from, m.start());
            from = m.end();
            if (m.group(5).equals("%")) {
                out.append('%');
                continue;
            }
            Obj value;
            if (m.group(1) != null) {
                value = values instanceof DictObj d ? d.entries().get(m.group(1)) : null;
                if (value == null) {
                    throw UserError.of("%s: the format needs a key '%s'", at, m.group(1));
                }
            } else {
                UserError.require(used < arguments.size(), "%s: the format needs more than %d values", at, used);
                value = arguments.get(used++);
            }
            out.append(one(m, value, at));
        }
        out.append(format, from, format.length());
        UserError.require(
                used == arguments.size() || values instanceof DictObj,
                "%s: the format takes %d values, got %d",
                at,
                used,
                arguments.size());
        budget.grow(out.length(), at);
        return out.toString();
    }

    private String one(Matcher m, Obj value, Position at) {
        String digits = m.group(4) == null ? "" : m.group(4);
        String flags = m.group(2);
        String body = switch (m.group(5)) {
            case "s" -> {
                String s = str(value, at);
                yield digits.isEmpty() ? s : s.substring(0, Math.min(s.length(), Integer.parseInt(digits)));
            }
            case "r" -> repr(value, at, 0);
            case "d", "i" ->
                signed(
                        Operators.isInt(value)
                                ? Long.toString(Operators.integer(value))
                                : Long.toString((long) number(value, at)),
                        flags);
            case "f", "F" -> signed(fixed(number(value, at), digits), flags);
            case "e" ->
                signed(
                        String.format(Locale.ROOT, "%." + (digits.isEmpty() ? "6" : digits) + "e", number(value, at)),
                        flags);
            default ->
                throw UserError.of(
                        "%s: '%%%s' is not part of a config's language; %%s, %%r, %%d, %%f, %%e and %%%% can be used",
                        at, m.group(5));
        };
        int width = m.group(3).isEmpty() ? 0 : Integer.parseInt(m.group(3));
        String fill = " ".repeat(Math.max(0, width - body.length()));
        if (flags.contains("-")) {
            return body + fill;
        }
        if (flags.contains("0") && !m.group(5).equals("s")) {
            boolean sign = body.startsWith("-") || body.startsWith("+");
            return (sign ? body.substring(0, 1) : "") + fill.replace(' ', '0') + (sign ? body.substring(1) : body);
        }
        return fill + body;
    }

    /** Python rounds the exact binary value, halves to even. */
    private static String fixed(double value, String digits) {
        if (!Double.isFinite(value)) {
            return Numbers.text(value);
        }
        int scale = digits.isEmpty() ? 6 : Integer.parseInt(digits);
        return new BigDecimal(value).setScale(scale, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String signed(String number, String flags) {
        return flags.contains("+") && !number.startsWith("-") ? "+" + number : number;
    }

    private static double number(Obj value, Position at) {
        UserError.require(Operators.isNumber(value), "%s: the format needs a number, got %s", at, value.kind());
        return Operators.real(value);
    }

    /** {@code '{} {0} {name}'.format(…)}, without format specifications. */
    String format(String format, List<Obj> arguments, Map<String, Obj> named, Position at) {
        StringBuilder out = new StringBuilder();
        Map<String, Obj> values = new HashMap<>(named);
        for (int i = 0; i < arguments.size(); i++) {
            values.put(Integer.toString(i), arguments.get(i));
        }
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            boolean doubled = i + 1 < format.length() && format.charAt(i + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                out.append(c);
                i++;
            } else if (c == '{') {
                int end = format.indexOf('}', i);
                UserError.require(end > 0, "%s: '{' is never closed in this format", at);
                String key = format.substring(i + 1, end);
                Obj value = values.get(key.isEmpty() ? Integer.toString(next++) : key);
                if (value == null) {
                    throw UserError.of("%s: '{%s}' names no argument; only {}, {0} and {name} can be used", at, key);
                }
                out.append(str(value, at));
                i = end;
            } else {
                out.append(c);
            }
        }
        budget.grow(out.length(), at);
        return out.toString();
    }
}
