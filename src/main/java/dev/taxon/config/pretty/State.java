package dev.taxon.config.pretty;

import java.util.Arrays;

/** How far a statement is laid out: the next token, the column, and one frame for each open bracket. */
final class State {
    final int next;
    final int column;
    final int lowest;
    final Frame[] stack;

    /**
     * @param indent column of tokens that begin a line inside of the bracket
     * @param lastSpace column at which the last line inside began
     * @param closing column of a closing bracket that begins a line
     * @param splitBeforeClosing whether a line break follows the opening bracket
     * @param splits line breaks so far
     */
    record Frame(int indent, int lastSpace, int closing, boolean splitBeforeClosing, int splits) {}

    /** What two states must share to be the same when frames no longer count. */
    record Place(int next, int column, int depth, int lowest) {}

    State(int next, int column, int lowest, Frame[] stack) {
        this.next = next;
        this.column = column;
        this.lowest = lowest;
        this.stack = stack;
    }

    Frame top() {
        return stack[stack.length - 1];
    }

    Frame below() {
        return stack[stack.length - 2];
    }

    int depth() {
        return stack.length - 1;
    }

    Place place() {
        return new Place(next, column, depth(), lowest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof State s && place().equals(s.place()) && Arrays.equals(stack, s.stack);
    }

    @Override
    public int hashCode() {
        return place().hashCode();
    }
}
