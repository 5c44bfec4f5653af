package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.config.python.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** f-strings: text and expressions in braces, without conversions and format specifications. */
final class FormatStrings {
    private FormatStrings() {}

    /** The pieces of one f-string; {@code outer} counts how deep they nest. */
    static List<Expr> parts(Token token, TokenStream outer) {
        boolean raw = token.value() instanceof Value.Bool b && b.value();
        String text = token.text();
        List<Expr> parts = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean doubled = i + 1 < text.length() && text.charAt(i + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                plain.append(c);
                i++;
            } else if (c == '{') {
                int end = text.indexOf('}', i);
                UserError.require(end > 0, "%s: '{' is never closed in an f-string", token.at());
                parts.add(literal(plain, raw, token.at()));
                parts.add(expression(text.substring(i + 1, end), token.at(), outer));
                i = end;
            } else if (c == '}') {
                throw UserError.of("%s: '}' closes nothing in an f-string; write '}}' for a brace", token.at());
            } else {
                plain.append(c);
            }
        }
        parts.add(literal(plain, raw, token.at()));
        return parts;
    }

    private static Expr literal(StringBuilder plain, boolean raw, Position at) {
        String text = raw ? plain.toString() : Strings.unescape(plain.toString(), at);
        plain.setLength(0);
        return new Expr.Literal(new Value.Text(text, at));
    }

    private static Expr expression(String source, Position at, TokenStream outer) {
        return outer.nested(at, () -> {
            TokenStream inner = new TokenStream(new Lexer(source, at).tokens());
            Expr value = new ExpressionParser(inner).expression();
            Token end = inner.next();
            UserError.require(
                    end.kind() == Kind.NEWLINE,
                    "%s: only {expression} can be used in an f-string, got %s after it; use '%%.2f' %% x for a format",
                    at,
                    end.describe());
            return value;
        });
    }
}
