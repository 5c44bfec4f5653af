package dev.taxon.config.pretty;

import dev.taxon.config.pretty.Token.Kind;
import java.util.List;

/** Where a statement that does not fit on one line must break. Source: yapf 0.32, {@code FormatDecisionState.MustSplit}. */
final class Splits {
    private final List<Token> tokens;

    Splits(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Whether a line must end before the state's next token. */
    boolean must(State state) {
        int index = state.next;
        Token token = tokens.get(index);
        Token previous = tokens.get(index - 1);
        if (state.top().splitBeforeClosing() && (token.is(']') || token.is('}'))) {
            return token.penalty != Token.UNBREAKABLE;
        }
        if (previous.kind == Kind.COMMA && (callInList(state, index) || bracketInList(state, index))) {
            return true;
        }
        if (token.dictKey) {
            return !onlyEntryOfArgument(state, index);
        }
        if (token.dictValue && !token.opens() && !entriesFit(state, token.enclosing)) {
            return true;
        }
        if (token.namedArgument) {
            return namedArgument(state, index);
        }
        boolean opened = previous.is('(');
        if (token.kind == Kind.NAME
                && opened
                && isName(index - 2)
                && !fits(state, index - 1)
                && callsWithArguments(index)) {
            return true;
        }
        return previous.opens() && !token.opens() && afterOpening(state, index);
    }

    /** A call as an item: after the first, each has a line of its own when the list does not fit. */
    private boolean callInList(State state, int index) {
        boolean call = tokens.get(index).kind == Kind.NAME && at(index + 1, '(');
        int open = tokens.get(index).enclosing;
        if (!call || open < 0) {
            return false;
        }
        return tokens.get(open).is('(') ? !fits(state, index, tokens.get(index + 1).match) : !fits(state, open);
    }

    private boolean bracketInList(State state, int index) {
        Token token = tokens.get(index);
        if (!token.opens() || tokens.get(index + 1).dictKey || token.enclosing < 0) {
            return false;
        }
        return !tokens.get(token.enclosing).is('(') && !fits(state, index);
    }

    /** The single entry of a dict display that is a call's argument may stay on the line. */
    private boolean onlyEntryOfArgument(State state, int index) {
        int brace = index - 1;
        if (!at(brace, '{') || brace == 0) {
            return false;
        }
        int open = opening(brace - 1);
        boolean argument = open >= 0 && tokens.get(open).is('(') && isName(open - 1);
        return argument && fits(state, brace) && tokens.get(brace).match + 1 < tokens.size() && !hasComma(brace);
    }

    private boolean hasComma(int open) {
        for (int i = open + 1; i < tokens.get(open).match; i++) {
            if (tokens.get(i).kind == Kind.COMMA && tokens.get(i).enclosing == open) {
                return true;
            }
        }
        return false;
    }

    private boolean namedArgument(State state, int index) {
        if (at(index - 1, '(')) {
            boolean nested = tokens.get(index - 1).enclosing >= 0;
            if (fits(state, index - 1) && nested) {
                return false;
            }
            return state.column - state.top().lastSpace() > Layout.INDENT;
        }
        int open = tokens.get(index).enclosing;
        int length = tokens.get(tokens.get(open).match).end - tokens.get(open).end;
        return length + state.top().indent() > Layout.LIMIT;
    }

    /** {@code name=dict(x…} or {@code name=(x…}: an argument that is a call with arguments, or a tuple. */
    private boolean callsWithArguments(int index) {
        for (int i = index; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is('(')) {
                return !at(i + 1, ')');
            }
            if (token.kind != Kind.NAME && token.kind != Kind.KEYWORD && token.kind != Kind.EQUAL) {
                return false;
            }
        }
        return false;
    }

    private boolean afterOpening(State state, int index) {
        Token open = tokens.get(index - 1);
        if (!open.is('(')) {
            return !fits(state, index - 1);
        }
        if (!isName(index - 2) || fits(state, index - 1) || open.elements.size() == 1) {
            return false;
        }
        for (int i = 0; i < open.elements.size(); i++) {
            int from = open.elements.get(i);
            int to = i + 1 < open.elements.size() ? open.elements.get(i + 1) : open.match;
            if (!tokens.get(from).opens() && !fits(state, from, to)) {
                return true;
            }
        }
        return (Layout.LIMIT - state.column) / (double) Layout.LIMIT < 0.3;
    }

    /** Whether each entry of a dict display fits on a line, the entries that are dict displays aside. */
    private boolean entriesFit(State state, int open) {
        int close = tokens.get(open).match;
        int indent = state.below().indent();
        int start = open + 1;
        int i = open + 2;
        while (i < close) {
            Token token = tokens.get(i);
            if (token.dictKey) {
                // yapf measures up to the token before the entry's last one; its output depends on that.
                int last = i - 3;
                if (!isContainerValue(last) && length(start, last) + indent >= Layout.LIMIT) {
                    return false;
                }
                start = i;
            }
            if (token.is('{')) {
                i = token.match;
                while (i < close && !tokens.get(i).dictKey) {
                    i++;
                }
                if (i >= close) {
                    return true;
                }
                start = i;
            } else {
                i = token.opens() ? token.match : i + 1;
            }
        }
        return length(start, close - 1) + indent <= Layout.LIMIT;
    }

    /** Whether {@code last} closes a bracket that is a dict display's value. */
    private boolean isContainerValue(int last) {
        int open = tokens.get(last).match;
        return open >= 2 && tokens.get(open - 1).kind == Kind.COLON;
    }

    private int opening(int index) {
        Token token = tokens.get(index);
        return token.opens() ? index : token.closes() ? token.match : token.enclosing;
    }

    private boolean isName(int index) {
        return index >= 0 && tokens.get(index).kind == Kind.NAME;
    }

    private boolean at(int index, char c) {
        return index >= 0 && index < tokens.size() && tokens.get(index).is(c);
    }

    private int length(int from, int to) {
        return tokens.get(to).end - tokens.get(from).end + tokens.get(from).length();
    }

    private boolean fits(State state, int open) {
        return fits(state, open, tokens.get(open).match);
    }

    private boolean fits(State state, int from, int to) {
        return length(from, to) + state.column <= Layout.LIMIT;
    }
}
