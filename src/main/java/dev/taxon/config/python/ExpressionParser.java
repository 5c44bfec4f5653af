package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.config.python.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Expressions, lowest precedence first. Source: Python reference, 6 Expressions. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("<", ">", "<=", ">=", "==", "!=", "in", "is", "not");
    private static final Set<String> CLOSERS = Set.of(")", "]", "}", "=", ":", ";", "in");
    private static final Set<String> SUMS = Set.of("+", "-");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

    private final TokenStream tokens;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** One expression, or several separated by commas: a tuple. */
    Expr list() {
        return commas(this::item);
    }

    /** What stands between {@code for} and {@code in}: names, {@code a.b}, {@code a[b]}, separated by commas. */
    Expr targets() {
        return commas(() -> tokens.nested(tokens.peek().at(), this::postfix));
    }

    private Expr commas(Supplier<Expr> part) {
        Position at = tokens.peek().at();
        Expr first = part.get();
        if (!tokens.peek().is(",")) {
            if (first instanceof Expr.Starred) {
                throw UserError.of("%s: '*' can be used inside of a list, tuple or call only", at);
            }
            return first;
        }
        List<Expr> items = new ArrayList<>(List.of(first));
        while (tokens.take(",")) {
            if (endsList()) {
                break;
            }
            items.add(part.get());
        }
        return new Expr.TupleOf(items, at);
    }

    private boolean endsList() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case NEWLINE, END -> true;
            case OPERATOR, NAME -> CLOSERS.contains(token.text());
            default -> false;
        };
    }

    private Expr item() {
        Position at = tokens.peek().at();
        return tokens.take("*") ? new Expr.Starred(expression(), at) : expression();
    }

    /** A conditional expression or anything that binds tighter. */
    Expr expression() {
        Position at = tokens.peek().at();
        return tokens.nested(at, () -> {
            Expr value = or();
            if (!tokens.take("if")) {
                return value;
            }
            Expr condition = or();
            tokens.expect("else");
            return new Expr.Conditional(condition, value, expression(), at);
        });
    }

    private Expr or() {
        return logic("or", this::and);
    }

    private Expr and() {
        return logic("and", this::not);
    }

    private Expr logic(String word, Supplier<Expr> part) {
        Position at = tokens.peek().at();
        Expr first = part.get();
        if (!tokens.peek().is(word)) {
            return first;
        }
        List<Expr> operands = new ArrayList<>(List.of(first));
        while (tokens.take(word)) {
            operands.add(part.get());
        }
        return new Expr.Logic(word.equals("and"), operands, at);
    }

    private Expr not() {
        Token token = tokens.peek();
        if (!tokens.take("not")) {
            return comparison();
        }
        return tokens.nested(token.at(), () -> new Expr.Unary("not", not(), token.at()));
    }

    private Expr comparison() {
        Position at = tokens.peek().at();
        Expr first = sum();
        List<Expr.Step> steps = new ArrayList<>();
        while (isComparison()) {
            Token token = tokens.next();
            String operator = token.text();
            if (operator.equals("not")) {
                tokens.expect("in");
                operator = "not in";
            } else if (operator.equals("is") && tokens.take("not")) {
                operator = "is not";
            }
            steps.add(new Expr.Step(operator, sum(), token.at()));
        }
        return steps.isEmpty() ? first : new Expr.Comparison(first, steps, at);
    }

    private boolean isComparison() {
        Token token = tokens.peek();
        boolean word = token.kind() == Kind.OPERATOR || token.kind() == Kind.NAME;
        return word
                && COMPARISONS.contains(token.text())
                && (!token.is("not") || tokens.peekAfter().is("in"));
    }

    private Expr sum() {
        return arithmetic(SUMS, this::product);
    }

    private Expr product() {
        return arithmetic(PRODUCTS, this::signed);
    }

    private Expr arithmetic(Set<String> operators, Supplier<Expr> part) {
        Position at = tokens.peek().at();
        Expr first = part.get();
        List<Expr.Step> steps = new ArrayList<>();
        while (tokens.peek().kind() == Kind.OPERATOR
                && operators.contains(tokens.peek().text())) {
            Token operator = tokens.next();
            steps.add(new Expr.Step(operator.text(), part.get(), operator.at()));
        }
        return steps.isEmpty() ? first : new Expr.Arithmetic(first, steps, at);
    }

    private Expr signed() {
        Token token = tokens.peek();
        if (token.is("-") || token.is("+")) {
            tokens.next();
            return tokens.nested(token.at(), () -> new Expr.Unary(token.text(), signed(), token.at()));
        }
        if (token.is("~")) {
            throw UserError.of("%s: '~' is not part of a config's language; use + - * / // %% **", token.at());
        }
        return power();
    }

    private Expr power() {
        Position at = tokens.peek().at();
        Expr base = postfix();
        Token operator = tokens.peek();
        if (!tokens.take("**")) {
            return base;
        }
        Expr exponent = tokens.nested(operator.at(), this::signed);
        return new Expr.Arithmetic(base, List.of(new Expr.Step("**", exponent, operator.at())), at);
    }

    /** An atom with its attributes, indices and calls. Long chains count as nesting: they are evaluated by recursion. */
    private Expr postfix() {
        Position start = tokens.peek().at();
        Expr value = atom();
        for (int length = 0; ; length++) {
            Token token = tokens.peek();
            UserError.require(
                    length <= TokenStream.DEEPEST,
                    "%s: more than %d indices or calls in a row; give inner parts names",
                    token.at(),
                    TokenStream.DEEPEST);
            if (tokens.take(".")) {
                value = new Expr.Attribute(value, tokens.name(), token.at());
            } else if (token.is("[")) {
                tokens.next();
                value = new Expr.Index(value, index(), token.at());
                tokens.expect("]");
            } else if (token.is("(")) {
                tokens.next();
                value = call(value, start);
            } else {
                return value;
            }
        }
    }

    private Expr index() {
        Position at = tokens.peek().at();
        Optional<Expr> from = tokens.peek().is(":") ? Optional.empty() : Optional.of(list());
        if (!tokens.take(":")) {
            return from.orElseThrow();
        }
        Optional<Expr> to = bound();
        Optional<Expr> by = tokens.take(":") ? bound() : Optional.empty();
        return new Expr.Slice(from, to, by, at);
    }

    private Optional<Expr> bound() {
        return tokens.peek().is(":") || tokens.peek().is("]") ? Optional.empty() : Optional.of(expression());
    }

    private Expr call(Expr function, Position at) {
        List<Expr> arguments = new ArrayList<>();
        List<Expr.Keyword> keywords = new ArrayList<>();
        while (!tokens.peek().is(")")) {
            Token token = tokens.peek();
            if (tokens.take("**")) {
                keywords.add(new Expr.Keyword(Optional.empty(), expression(), token.at()));
            } else if (token.kind() == Kind.NAME && tokens.peekAfter().is("=")) {
                String name = tokens.name();
                tokens.expect("=");
                keywords.add(new Expr.Keyword(Optional.of(name), expression(), token.at()));
            } else {
                Expr argument = item();
                UserError.require(
                        keywords.isEmpty(), "%s: a value without a name stands after name=value", argument.at());
                arguments.add(
                        tokens.peek().is("for") ? comprehension(Optional.empty(), argument, argument.at()) : argument);
            }
            if (!tokens.take(",")) {
                break;
            }
        }
        tokens.expect(")");
        return new Expr.Call(function, arguments, keywords, at);
    }

    private Expr atom() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NUMBER -> new Expr.Literal(token.value());
            case STRING, FSTRING -> strings(token);
            case BASE -> new Expr.Base(token.text(), token.at());
            case NAME -> name(token);
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesized(token.at());
                    case "[" -> listDisplay(token.at());
                    case "{" -> dictDisplay(token.at());
                    default -> throw unexpected(token);
                };
            case NEWLINE, INDENT, DEDENT, END -> throw unexpected(token);
        };
    }

    private static UserError unexpected(Token token) {
        return UserError.of("%s: expected a value, got %s", token.at(), token.describe());
    }

    private static Expr name(Token token) {
        return switch (token.text()) {
            case "None" -> new Expr.Literal(new Value.None(token.at()));
            case "True" -> new Expr.Literal(new Value.Bool(true, token.at()));
            case "False" -> new Expr.Literal(new Value.Bool(false, token.at()));
            case "lambda" ->
                throw UserError.of(
                        "%s: 'lambda' is not part of a config's language: a config is data, write the value itself",
                        token.at());
            default -> {
                if (TokenStream.KEYWORDS.contains(token.text())) {
                    throw unexpected(token);
                }
                yield new Expr.Name(token.text(), token.at());
            }
        };
    }

    /** Neighbouring strings are one. */
    private Expr strings(Token first) {
        List<Expr> parts = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        boolean formatted = false;
        Token token = first;
        while (true) {
            if (token.kind() == Kind.FSTRING) {
                formatted = true;
                parts.add(new Expr.Literal(new Value.Text(plain.toString(), first.at())));
                plain.setLength(0);
                parts.addAll(FormatStrings.parts(token, tokens));
            } else {
                plain.append(token.text());
            }
            if (tokens.peek().kind() != Kind.STRING && tokens.peek().kind() != Kind.FSTRING) {
                break;
            }
            token = tokens.next();
        }
        Expr rest = new Expr.Literal(new Value.Text(plain.toString(), first.at()));
        if (!formatted) {
            return rest;
        }
        parts.add(rest);
        return new Expr.Joined(parts, first.at());
    }

    private Expr parenthesized(Position at) {
        if (tokens.take(")")) {
            return new Expr.TupleOf(List.of(), at);
        }
        Expr value = list();
        if (tokens.peek().is("for")) {
            value = comprehension(Optional.empty(), value, at);
        }
        tokens.expect(")");
        return value instanceof Expr.TupleOf t ? new Expr.TupleOf(t.items(), at) : value;
    }

    private Expr listDisplay(Position at) {
        List<Expr> items = new ArrayList<>();
        while (!tokens.peek().is("]")) {
            Expr item = item();
            if (items.isEmpty() && tokens.peek().is("for")) {
                Expr comprehension = comprehension(Optional.empty(), item, at);
                tokens.expect("]");
                return comprehension;
            }
            items.add(item);
            if (!tokens.take(",")) {
                break;
            }
        }
        tokens.expect("]");
        return new Expr.ListOf(items, at);
    }

    private Expr dictDisplay(Position at) {
        List<Expr.Entry> entries = new ArrayList<>();
        while (!tokens.peek().is("}")) {
            if (tokens.take("**")) {
                entries.add(new Expr.Entry(Optional.empty(), expression()));
            } else {
                Expr key = expression();
                Token colon = tokens.peek();
                if (colon.is(",") || colon.is("}")) {
                    throw UserError.of("%s: a set is not part of a config's language; use a list: [a, b]", at);
                }
                tokens.expect(":");
                Expr value = expression();
                if (entries.isEmpty() && tokens.peek().is("for")) {
                    Expr comprehension = comprehension(Optional.of(key), value, at);
                    tokens.expect("}");
                    return comprehension;
                }
                entries.add(new Expr.Entry(Optional.of(key), value));
            }
            if (!tokens.take(",")) {
                break;
            }
        }
        tokens.expect("}");
        return new Expr.DictOf(entries, at);
    }

    private Expr comprehension(Optional<Expr> key, Expr item, Position at) {
        List<Expr.Clause> clauses = new ArrayList<>();
        while (tokens.take("for")) {
            Expr target = targets();
            tokens.expect("in");
            Expr items = or();
            List<Expr> conditions = new ArrayList<>();
            while (tokens.take("if")) {
                conditions.add(or());
            }
            clauses.add(new Expr.Clause(target, items, conditions));
        }
        return new Expr.Comprehension(key, item, clauses, at);
    }
}
