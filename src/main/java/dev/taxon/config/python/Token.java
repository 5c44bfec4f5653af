package dev.taxon.config.python;

import dev.taxon.config.Position;
import dev.taxon.config.Value;

/**
 * A token of a Python file.
 *
 * @param text the word, operator or decoded string; for {@link Kind#BASE} the dotted path below {@code _base_}
 * @param value of a number or string; None for the others
 */
record Token(Kind kind, String text, Value value, Position at) {
    enum Kind {
        NAME,
        NUMBER,
        STRING,
        /** An f-string: {@code text} is what stands between the quotes, escapes not decoded. */
        FSTRING,
        OPERATOR,
        /** <code>{{ _base_.a.b }}</code>: a value of the base configs. */
        BASE,
        NEWLINE,
        INDENT,
        DEDENT,
        END
    }

    static Token of(Kind kind, String text, Position at) {
        return new Token(kind, text, new Value.None(at), at);
    }

    boolean is(String operatorOrWord) {
        return (kind == Kind.OPERATOR || kind == Kind.NAME) && text.equals(operatorOrWord);
    }

    /** How an error message names this token. */
    String describe() {
        return switch (kind) {
            case NAME, OPERATOR -> "'" + text + "'";
            case NUMBER -> "a number";
            case STRING, FSTRING -> "a string";
            case BASE -> "{{ _base_." + text + " }}";
            case NEWLINE -> "the end of the line";
            case INDENT, DEDENT -> "a change of indentation";
            case END -> "the end of the file";
        };
    }
}
