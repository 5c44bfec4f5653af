package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
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
    private final AtomParser atoms;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.atoms = new AtomParser(tokens, this);
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

    /** An expression, or {@code *expression}. */
    Expr item() {
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

    Expr or() {
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
        Expr value = atoms.atom();
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
                        tokens.peek().is("for")
                                ? atoms.comprehension(Optional.empty(), argument, argument.at())
                                : argument);
            }
            if (!tokens.take(",")) {
                break;
            }
        }
        tokens.expect(")");
        return new Expr.Call(function, arguments, keywords, at);
    }
}
