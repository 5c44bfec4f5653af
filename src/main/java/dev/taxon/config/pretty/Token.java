package dev.taxon.config.pretty;

import java.util.ArrayList;
import java.util.List;

/** A token of one statement, with what yapf would know of it. Built by {@link Tokens}; fixed afterwards. */
final class Token {
    /** A penalty from which on a line is never split before the token. */
    static final int UNBREAKABLE = 1_000_000;

    final String text;
    final Kind kind;
    /** Penalty that the grammar gives for a split before this token; 0 leaves it to the neighbours. */
    int penalty;

    boolean spaceBefore;
    /** The name of one of several named arguments. */
    boolean namedArgument;

    boolean dictKey;
    boolean dictValue;
    /** Of a bracket: its partner's index; else -1. */
    int match = -1;
    /** The innermost opening bracket around this token; -1 at top level. */
    int enclosing = -1;
    /** Of a call's or tuple's opening parenthesis: the first tokens of its items, and the commas. */
    final List<Integer> elements = new ArrayList<>();
    /** Length of the statement on one line, up to and with this token. */
    int end;

    boolean canBreak;

    enum Kind {
        NAME,
        KEYWORD,
        NUMBER,
        STRING,
        MINUS,
        OPEN,
        CLOSE,
        COMMA,
        COLON,
        EQUAL
    }

    Token(String text, Kind kind, int penalty) {
        this.text = text;
        this.kind = kind;
        this.penalty = penalty;
    }

    int length() {
        return text.codePointCount(0, text.length());
    }

    boolean is(char c) {
        return text.length() == 1 && text.charAt(0) == c;
    }

    boolean opens() {
        return kind == Kind.OPEN;
    }

    boolean closes() {
        return kind == Kind.CLOSE;
    }
}
