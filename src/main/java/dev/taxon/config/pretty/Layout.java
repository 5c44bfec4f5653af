package dev.taxon.config.pretty;

import dev.taxon.config.pretty.State.Frame;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lays out one statement: on one line if it fits into 79 columns, else with the line breaks of the least total penalty, found
 * by Dijkstra's search over the choice to break or not before each token. Source: yapf 0.32, reformatter.py and
 * format_decision_state.py.
 */
final class Layout {
    static final int LIMIT = 79;
    static final int INDENT = 4;
    private static final int EXCESS = 7_000;
    private static final int ADDED_SPLIT = 30;
    /** After so many states, those that differ in their frames only count as one. */
    private static final int EXACT_STATES = 10_000;

    private final List<Token> tokens;
    private final Splits splits;

    private Layout(List<Token> tokens) {
        this.tokens = tokens;
        this.splits = new Splits(tokens);
    }

    static String of(List<Token> tokens) {
        Layout layout = new Layout(tokens);
        Step last = tokens.getLast().end <= LIMIT ? null : layout.search();
        return layout.render(last);
    }

    /** A state, how it was reached and what that cost. */
    private record Step(
            State state, boolean newline, @Nullable Step previous, long penalty, int order) {}

    private Step search() {
        State start = new State(1, tokens.getFirst().length(), 0, new Frame[] {new Frame(0, 0, 0, false, 0)});
        PriorityQueue<Step> queue =
                new PriorityQueue<>(Comparator.comparingLong(Step::penalty).thenComparingInt(Step::order));
        Set<State> seen = new HashSet<>();
        Set<State.Place> places = new HashSet<>();
        int count = 0;
        queue.add(new Step(start, false, null, 0, count++));
        while (true) {
            Step step = queue.remove();
            State state = step.state();
            if (state.next == tokens.size()) {
                return step;
            }
            boolean known = count > EXACT_STATES ? !places.add(state.place()) : !seen.add(state);
            places.add(state.place());
            if (known) {
                continue;
            }
            boolean must = splits.must(state);
            boolean can = tokens.get(state.next).canBreak;
            if (!must) {
                queue.add(follow(step, false, false, count++));
            }
            if (can) {
                queue.add(follow(step, true, must, count++));
            }
        }
    }

    private Step follow(Step step, boolean newline, boolean must, int order) {
        State state = step.state();
        Token token = tokens.get(state.next);
        Token previous = tokens.get(state.next - 1);
        Frame[] stack = state.stack.clone();
        Frame top = state.top();
        int spaces = token.spaceBefore ? 1 : 0;
        int column = newline ? newlineColumn(state, token, previous) : state.column + spaces;
        int lowest = state.lowest;
        long penalty = step.penalty();
        if (newline) {
            lowest = state.depth();
            boolean opened = previous.opens();
            int closing = opened ? Math.max(0, top.indent() - INDENT) : top.closing();
            int added = must ? top.splits() : top.splits() + 1;
            penalty += token.penalty;
            if (!must) {
                boolean coalesced = token.opens() && opened && !isName(state.next - 2);
                penalty += (long) ADDED_SPLIT * added + (coalesced ? 20 : 10);
            }
            top = new Frame(top.indent(), column, closing, opened || top.splitBeforeClosing(), added);
        } else if (previous.opens()) {
            top = new Frame(column, top.lastSpace(), state.column, top.splitBeforeClosing(), top.splits());
        }
        stack[stack.length - 1] = top;
        if (!token.opens() && !token.closes()) {
            lowest = Math.min(lowest, state.depth());
        }
        int end = column + token.length();
        penalty += (long) EXCESS * Math.max(0, end - LIMIT);
        return new Step(new State(state.next + 1, end, lowest, moved(stack, token)), newline, step, penalty, order);
    }

    private boolean isName(int index) {
        return index >= 0 && tokens.get(index).kind == Token.Kind.NAME;
    }

    /** The frames after a token: an opening bracket adds one, a closing one takes one away. */
    private static Frame[] moved(Frame[] stack, Token token) {
        Frame top = stack[stack.length - 1];
        if (token.opens()) {
            Frame[] more = Arrays.copyOf(stack, stack.length + 1);
            more[stack.length] = new Frame(INDENT + top.lastSpace(), top.lastSpace(), 0, false, 0);
            return more;
        }
        if (token.closes() && stack.length > 1) {
            Frame[] fewer = Arrays.copyOf(stack, stack.length - 1);
            Frame below = fewer[fewer.length - 1];
            fewer[fewer.length - 1] = new Frame(
                    below.indent(), top.lastSpace(), below.closing(), below.splitBeforeClosing(), below.splits());
            return fewer;
        }
        return stack;
    }

    private static int newlineColumn(State state, Token token, Token previous) {
        Frame top = state.top();
        if (token.closes()) {
            return previous.opens() ? Math.max(0, top.indent() - INDENT) : top.closing();
        }
        return token.opens() && state.depth() == 0 ? 0 : top.indent();
    }

    /** The text, with the line breaks of the steps that end in {@code last}; on one line when it is null. */
    private String render(@Nullable Step last) {
        int[] columns = new int[tokens.size()];
        Arrays.fill(columns, -1);
        for (Step step = last; step != null && step.previous() != null; step = step.previous()) {
            int index = step.state().next - 1;
            if (step.newline()) {
                columns[index] = step.state().column - tokens.get(index).length();
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < columns.length; i++) {
            Token token = tokens.get(i);
            if (columns[i] >= 0) {
                out.append('\n').append(" ".repeat(columns[i]));
            } else if (i > 0 && token.spaceBefore) {
                out.append(' ');
            }
            out.append(token.text);
        }
        return out.append('\n').toString();
    }
}
