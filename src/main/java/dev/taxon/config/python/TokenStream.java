package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
import dev.taxon.config.python.Token.Kind;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The tokens of a file, read from left to right, and how deep the reader has nested. */
final class TokenStream {
    /** As deep as CPython goes with parentheses; a JVM thread's stack holds it easily. */
    static final int DEEPEST = 200;

    /** Words that name nothing. */
    static final Set<String> KEYWORDS = Set.of(
            "False",
            "None",
            "True",
            "and",
            "as",
            "assert",
            "async",
            "await",
            "break",
            "class",
            "continue",
            "def",
            "del",
            "elif",
            "else",
            "except",
            "finally",
            "for",
            "from",
            "global",
            "if",
            "import",
            "in",
            "is",
            "lambda",
            "nonlocal",
            "not",
            "or",
            "pass",
            "raise",
            "return",
            "try",
            "while",
            "with",
            "yield");

    private final List<Token> tokens;
    private int next;
    private int depth;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(next);
    }

    Token peekAfter() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(next);
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    boolean take(String operatorOrWord) {
        boolean taken = peek().is(operatorOrWord);
        if (taken) {
            next();
        }
        return taken;
    }

    Token expect(String operatorOrWord) {
        Token token = peek();
        UserError.require(
                token.is(operatorOrWord), "%s: expected '%s', got %s", token.at(), operatorOrWord, token.describe());
        return next();
    }

    String name() {
        Token token = next();
        UserError.require(
                token.kind() == Kind.NAME && !KEYWORDS.contains(token.text()),
                "%s: expected a name, got %s",
                token.at(),
                token.describe());
        return token.text();
    }

    /** Runs a part of the parser one level deeper. */
    <T> T nested(Position at, Supplier<T> part) {
        UserError.require(++depth <= DEEPEST, "%s: nested deeper than %d levels; give inner parts names", at, DEEPEST);
        T result = part.get();
        depth--;
        return result;
    }
}
