package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.config.python.Expr.Attribute;
import dev.taxon.config.python.Expr.Index;
import dev.taxon.config.python.Expr.ListOf;
import dev.taxon.config.python.Expr.Name;
import dev.taxon.config.python.Expr.TupleOf;
import dev.taxon.config.python.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The statements of a file, by recursive descent. What lies outside of the subset is refused by name. */
final class Parser {
    private static final Set<String> REFUSED = Set.of(
            "def",
            "class",
            "while",
            "with",
            "try",
            "async",
            "await",
            "return",
            "raise",
            "global",
            "nonlocal",
            "assert",
            "break",
            "continue",
            "lambda",
            "yield",
            "except",
            "finally");
    private static final Set<String> AUGMENTED = Set.of("+=", "-=", "*=", "/=", "//=", "%=", "**=");

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    Parser(String text, String file) {
        this.tokens = new TokenStream(new Lexer(text, file).tokens());
        this.expressions = new ExpressionParser(tokens);
    }

    List<Statement> parse() {
        List<Statement> out = new ArrayList<>();
        while (tokens.peek().kind() != Kind.END) {
            statement(out);
        }
        return out;
    }

    /** One compound statement, or the simple statements of one line. */
    private void statement(List<Statement> out) {
        Token token = tokens.peek();
        if (token.kind() == Kind.INDENT) {
            throw UserError.of("%s: this line is indented for no reason", token.at());
        }
        if (token.is("if")) {
            out.add(conditional());
        } else if (token.is("for")) {
            out.add(loop());
        } else {
            simpleLine(out);
        }
    }

    private void simpleLine(List<Statement> out) {
        do {
            if (tokens.peek().kind() == Kind.NEWLINE) {
                break;
            }
            simple(out);
        } while (tokens.take(";"));
        Token end = tokens.next();
        if (end.kind() != Kind.NEWLINE && end.kind() != Kind.END) {
            throw UserError.of("%s: expected the end of the line, got %s", end.at(), end.describe());
        }
    }

    private Statement conditional() {
        Position at = tokens.next().at();
        return tokens.nested(at, () -> {
            Expr condition = expressions.expression();
            List<Statement> then = block();
            if (tokens.peek().is("elif")) {
                return new Statement.If(condition, then, List.of(conditional()), at);
            }
            List<Statement> otherwise = tokens.take("else") ? block() : List.of();
            return new Statement.If(condition, then, otherwise, at);
        });
    }

    private Statement loop() {
        Position at = tokens.next().at();
        return tokens.nested(at, () -> {
            Expr target = target(expressions.targets());
            tokens.expect("in");
            Expr items = expressions.list();
            List<Statement> body = block();
            if (tokens.peek().is("else")) {
                throw UserError.of(
                        "%s: 'for … else' is not part of a config's language",
                        tokens.peek().at());
            }
            return new Statement.For(target, items, body, at);
        });
    }

    private List<Statement> block() {
        tokens.expect(":");
        List<Statement> body = new ArrayList<>();
        if (tokens.peek().kind() != Kind.NEWLINE) {
            simpleLine(body);
            return body;
        }
        tokens.next();
        Token indent = tokens.next();
        UserError.require(
                indent.kind() == Kind.INDENT, "%s: expected an indented block, got %s", indent.at(), indent.describe());
        while (tokens.peek().kind() != Kind.DEDENT && tokens.peek().kind() != Kind.END) {
            statement(body);
        }
        if (tokens.peek().kind() == Kind.DEDENT) {
            tokens.next();
        }
        return body;
    }

    private void simple(List<Statement> out) {
        Token token = tokens.peek();
        if (token.kind() == Kind.NAME && REFUSED.contains(token.text())) {
            throw UserError.of(
                    "%s: '%s' is not part of a config's language: a config is data (names, dict(), lists, arithmetic, if and for)",
                    token.at(), token.text());
        }
        if (token.is("import") || token.is("from")) {
            imports(out);
        } else if (token.is("del")) {
            tokens.next();
            Expr targets = expressions.targets();
            out.add(new Statement.Delete(targets instanceof TupleOf t ? t.items() : List.of(targets), token.at()));
        } else if (token.is("pass")) {
            tokens.next();
            out.add(new Statement.Pass(token.at()));
        } else {
            out.add(assignment());
        }
    }

    private Statement assignment() {
        Position at = tokens.peek().at();
        Expr first = expressions.list();
        Token operator = tokens.peek();
        if (operator.kind() == Kind.OPERATOR && AUGMENTED.contains(operator.text())) {
            tokens.next();
            String plain = operator.text().substring(0, operator.text().length() - 1);
            return new Statement.Augment(single(first), plain, expressions.list(), operator.at());
        }
        if (!operator.is("=")) {
            if (operator.is(":")) {
                throw UserError.of("%s: ':' is not expected here; a value is given by 'name = value'", operator.at());
            }
            return new Statement.Evaluate(first, at);
        }
        List<Expr> targets = new ArrayList<>();
        Expr value = first;
        while (tokens.take("=")) {
            targets.add(target(value));
            value = expressions.list();
        }
        return new Statement.Assign(targets, value, at);
    }

    private void imports(List<Statement> out) {
        Position at = tokens.peek().at();
        if (tokens.take("import")) {
            do {
                String module = dotted();
                String as = tokens.take("as") ? tokens.name() : module;
                out.add(new Statement.Import(module, "", as, at));
            } while (tokens.take(","));
            return;
        }
        tokens.expect("from");
        String module = dotted();
        tokens.expect("import");
        boolean brackets = tokens.take("(");
        do {
            if (brackets && tokens.peek().is(")")) {
                break;
            }
            String name = tokens.take("*") ? "*" : tokens.name();
            String as = tokens.take("as") ? tokens.name() : name;
            out.add(new Statement.Import(module, name, as, at));
        } while (tokens.take(","));
        if (brackets) {
            tokens.expect(")");
        }
    }

    private String dotted() {
        StringBuilder path = new StringBuilder();
        while (tokens.take(".")) {
            path.append('.');
        }
        path.append(tokens.name());
        while (tokens.take(".")) {
            path.append('.').append(tokens.name());
        }
        return path.toString();
    }

    /** Checks that a value can be assigned to this expression. */
    private static Expr target(Expr e) {
        return switch (e) {
            case TupleOf t -> new TupleOf(t.items().stream().map(Parser::target).toList(), t.at());
            case ListOf l -> new TupleOf(l.items().stream().map(Parser::target).toList(), l.at());
            default -> single(e);
        };
    }

    private static Expr single(Expr e) {
        if (e instanceof Name
                || e instanceof Attribute
                || (e instanceof Index i && !(i.index() instanceof Expr.Slice))) {
            return e;
        }
        String got = switch (e) {
            case Expr.Literal l ->
                l.value() instanceof Value.None ? "None" : "a " + l.value().kind();
            case Expr.Index i -> "a slice";
            default -> "an expression";
        };
        throw UserError.of("%s: %s cannot be assigned to; a name, a.b or a[b] can", e.at(), got);
    }
}
