package dev.taxon.config.pretty;

import dev.taxon.config.IntKey;
import dev.taxon.config.Value;
import dev.taxon.config.pretty.Token.Kind;
import dev.taxon.config.python.Numbers;
import dev.taxon.config.python.Strings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** The tokens of {@code name = value}. Penalties are those of yapf's split_penalty.py for the constructs of a config. */
final class Tokens {
    private static final int NAMED_ASSIGN = 15_000;
    private static final int VERY_STRONG = 3_500;
    private static final int STRONG = 3_000;
    private static final int ATOM = 2_300;
    private static final int FACTOR = 2_100;
    private static final int TUPLE_START = 1_400;
    private static final int ONE_ARGUMENT = 500;
    private static final int TOGETHER = 100;
    private static final int OPENING_BRACKET = 300;

    private final List<Token> tokens = new ArrayList<>();

    private Tokens() {}

    static List<Token> statement(String name, Value value) {
        Tokens t = new Tokens();
        t.add(name, Kind.NAME, 0);
        t.add("=", Kind.EQUAL, 0).spaceBefore = true;
        t.value(value, 0).spaceBefore = true;
        t.connect();
        return t.tokens;
    }

    private Token add(String text, Kind kind, int penalty) {
        Token token = new Token(text, kind, penalty);
        tokens.add(token);
        return token;
    }

    /** A value as mmcv prints the value of a key: dicts as calls, also in a list of nothing but dicts. */
    private Token value(Value value, int floor) {
        return switch (value) {
            case Value.Dict d -> call(d, floor);
            case Value.Seq s
            when !s.tuple() && s.items().stream().allMatch(Value.Dict.class::isInstance) -> list(s, floor, true);
            case Value.Seq s -> plain(s, floor);
            default -> plain(value, floor);
        };
    }

    /** A value as Python's {@code repr} prints it: dicts in braces. Returns the first token. */
    private Token plain(Value value, int floor) {
        return switch (value) {
            case Value.None v -> add("None", Kind.KEYWORD, floor);
            case Value.Bool v -> add(v.value() ? "True" : "False", Kind.KEYWORD, floor);
            case Value.Int v ->
                v.value() == Long.MIN_VALUE
                        ? special("int", "'" + v.value() + "'", floor)
                        : number(Long.toString(v.value()), floor);
            case Value.Real v ->
                Double.isFinite(v.value())
                        ? number(Numbers.text(v.value()), floor)
                        : special("float", "'" + Numbers.text(v.value()) + "'", floor);
            case Value.Text v -> add(Strings.quote(v.value()), Kind.STRING, floor);
            case Value.Seq s -> s.tuple() ? tuple(s, floor) : list(s, floor, false);
            case Value.Dict d -> braces(d, floor, false);
        };
    }

    private Token number(String text, int floor) {
        if (!text.startsWith("-")) {
            return add(text, Kind.NUMBER, floor);
        }
        Token minus = add("-", Kind.MINUS, floor);
        add(text.substring(1), Kind.NUMBER, floor + FACTOR);
        return minus;
    }

    /** {@code float('inf')}: mmcv would print {@code inf}, which cannot be read back. Nor can the least int as a literal. */
    private Token special(String function, String argument, int floor) {
        Token name = add(function, Kind.NAME, floor);
        Token open = add("(", Kind.OPEN, Token.UNBREAKABLE);
        open.elements.add(tokens.size());
        add(argument, Kind.STRING, STRONG);
        add(")", Kind.CLOSE, VERY_STRONG);
        return name;
    }

    private Token call(Value.Dict dict, int floor) {
        Token name = add("dict", Kind.NAME, floor);
        Token open = add("(", Kind.OPEN, Token.UNBREAKABLE);
        boolean names = dict.entries().keySet().stream().allMatch(Identifiers::isName);
        if (!names) {
            open.elements.add(tokens.size());
            braces(dict, floor, true);
        } else {
            arguments(dict.entries(), open, floor);
        }
        add(")", Kind.CLOSE, VERY_STRONG);
        return name;
    }

    private void arguments(Map<String, Value> entries, Token open, int floor) {
        boolean single = entries.size() == 1;
        int inner = single ? STRONG : floor;
        boolean first = true;
        for (Map.Entry<String, Value> entry : entries.entrySet()) {
            if (!first) {
                open.elements.add(tokens.size());
                add(",", Kind.COMMA, Token.UNBREAKABLE);
            }
            open.elements.add(tokens.size());
            Token name = add(entry.getKey(), Kind.NAME, single ? ONE_ARGUMENT : floor);
            name.namedArgument = !single;
            name.spaceBefore = !first;
            add("=", Kind.EQUAL, NAMED_ASSIGN);
            value(entry.getValue(), inner).penalty = NAMED_ASSIGN;
            first = false;
        }
    }

    private Token list(Value.Seq seq, int floor, boolean calls) {
        Token open = add("[", Kind.OPEN, floor);
        boolean first = true;
        for (Value item : seq.items()) {
            if (!first) {
                add(",", Kind.COMMA, floor);
            }
            Token start = calls ? value(item, floor) : plain(item, floor);
            start.spaceBefore = !first;
            first = false;
        }
        add("]", Kind.CLOSE, first ? Token.UNBREAKABLE : floor);
        return open;
    }

    private Token tuple(Value.Seq seq, int floor) {
        Token open = add("(", Kind.OPEN, floor);
        boolean first = true;
        for (Value item : seq.items()) {
            if (!first) {
                comma(open);
            }
            open.elements.add(tokens.size());
            Token start = plain(item, floor);
            start.penalty = first ? TUPLE_START : TOGETHER;
            start.spaceBefore = !first;
            first = false;
        }
        boolean one = seq.items().size() == 1;
        if (one) {
            comma(open);
        }
        add(")", Kind.CLOSE, ATOM).spaceBefore = one;
        return open;
    }

    private void comma(Token open) {
        open.elements.add(tokens.size());
        add(",", Kind.COMMA, Token.UNBREAKABLE);
    }

    private Token braces(Value.Dict dict, int floor, boolean calls) {
        Token open = add("{", Kind.OPEN, floor);
        boolean first = true;
        for (Map.Entry<String, Value> entry : dict.entries().entrySet()) {
            if (!first) {
                add(",", Kind.COMMA, floor);
            }
            Token key = key(entry.getKey(), floor);
            key.dictKey = true;
            key.spaceBefore = !first;
            add(":", Kind.COLON, Math.max(floor, STRONG));
            Token value = calls ? value(entry.getValue(), floor) : plain(entry.getValue(), floor);
            value.dictValue = true;
            value.spaceBefore = true;
            first = false;
        }
        add("}", Kind.CLOSE, first ? Token.UNBREAKABLE : floor);
        return open;
    }

    private Token key(String key, int floor) {
        return IntKey.is(key) ? number(IntKey.shown(key), floor) : add(Strings.quote(key), Kind.STRING, floor);
    }

    /** Matches brackets, measures, and settles where a line may break. */
    private void connect() {
        Deque<Integer> open = new ArrayDeque<>();
        int length = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (open.isEmpty()) {
                token.penalty = i == 0 ? 0 : Token.UNBREAKABLE;
            }
            if (token.closes()) {
                token.match = open.pop();
                tokens.get(token.match).match = i;
            }
            token.enclosing = open.isEmpty() ? -1 : open.peek();
            if (token.opens()) {
                open.push(i);
            }
            length += token.length() + (token.spaceBefore ? 1 : 0);
            token.end = length;
            if (i > 0) {
                breaks(tokens.get(i - 1), token);
            }
        }
    }

    private static void breaks(Token previous, Token token) {
        if (token.penalty == 0 && previous.kind != Kind.COMMA) {
            if (previous.opens() && !token.is('(')) {
                token.penalty = OPENING_BRACKET;
            } else if (token.closes()) {
                token.penalty = TOGETHER;
            }
        }
        token.canBreak = token.penalty < Token.UNBREAKABLE
                && token.kind != Kind.COLON
                && token.kind != Kind.COMMA
                && previous.kind != Kind.MINUS;
    }
}
