package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.config.python.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The innermost expressions: literals, names, and what stands in brackets. */
final class AtomParser {
    private final TokenStream tokens;
    private final ExpressionParser expressions;

    AtomParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expr atom() {
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
        Expr value = expressions.list();
        if (tokens.peek().is("for")) {
            value = comprehension(Optional.empty(), value, at);
        }
        tokens.expect(")");
        return value instanceof Expr.TupleOf t ? new Expr.TupleOf(t.items(), at) : value;
    }

    private Expr listDisplay(Position at) {
        List<Expr> items = new ArrayList<>();
        while (!tokens.peek().is("]")) {
            Expr item = expressions.item();
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
                entries.add(new Expr.Entry(Optional.empty(), expressions.expression()));
            } else {
                Expr key = expressions.expression();
                Token colon = tokens.peek();
                if (colon.is(",") || colon.is("}")) {
                    throw UserError.of("%s: a set is not part of a config's language; use a list: [a, b]", at);
                }
                tokens.expect(":");
                Expr value = expressions.expression();
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

    Expr comprehension(Optional<Expr> key, Expr item, Position at) {
        List<Expr.Clause> clauses = new ArrayList<>();
        while (tokens.take("for")) {
            Expr target = expressions.targets();
            tokens.expect("in");
            Expr items = expressions.or();
            List<Expr> conditions = new ArrayList<>();
            while (tokens.take("if")) {
                conditions.add(expressions.or());
            }
            clauses.add(new Expr.Clause(target, items, conditions));
        }
        return new Expr.Comprehension(key, item, clauses, at);
    }
}
