package dev.taxon.config.pretty;

import java.util.Set;

/** Which strings can be written as a Python name. */
public final class Identifiers {
    private static final Set<String> KEYWORDS = Set.of(
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

    private Identifiers() {}

    public static boolean isKeyword(String word) {
        return KEYWORDS.contains(word);
    }

    /** A name that can be assigned to, or stand before {@code =} in a call. */
    public static boolean isName(String word) {
        if (word.isEmpty() || isKeyword(word)) {
            return false;
        }
        char first = word.charAt(0);
        return (Character.isUnicodeIdentifierStart(first) || first == '_')
                && word.chars()
                        .allMatch(c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
    }
}
