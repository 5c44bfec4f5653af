package dev.taxon.checkpoint.pickle;

import dev.taxon.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The unpickler's operands, in groups that marks open, and the objects it was told to remember. */
final class PickleStack {
    private static final Object MARK = new Object();

    private final Function<String, UserError> damaged;
    private final List<@Nullable Object> values = new ArrayList<>();
    private final Map<Long, @Nullable Object> memo = new HashMap<>();

    /** @param damaged makes the error for a stream that asks for operands that are not there */
    PickleStack(Function<String, UserError> damaged) {
        this.damaged = damaged;
    }

    void push(@Nullable Object value) {
        values.add(value);
    }

    void mark() {
        values.add(MARK);
    }

    @Nullable
    Object top() {
        if (values.isEmpty() || values.getLast() == MARK) {
            throw damaged.apply("an operation without an operand");
        }
        return values.getLast();
    }

    @Nullable
    Object pop() {
        Object value = top();
        values.removeLast();
        return value;
    }

    /** Removes the last value or mark. */
    void drop() {
        if (values.isEmpty()) {
            throw damaged.apply("a pop of an empty stack");
        }
        values.removeLast();
    }

    /** The last {@code count} values, oldest first. */
    List<Object> pop(int count) {
        Object[] last = new Object[count];
        for (int i = count - 1; i >= 0; i--) {
            last[i] = pop();
        }
        return new ArrayList<>(Arrays.asList(last));
    }

    /** All values behind the last mark, which goes too. */
    List<Object> popToMark() {
        int mark = values.lastIndexOf(MARK);
        if (mark < 0) {
            throw damaged.apply("the end of a group that has no start");
        }
        List<Object> items = new ArrayList<>(values.subList(mark + 1, values.size()));
        values.subList(mark, values.size()).clear();
        return items;
    }

    void remember(long index) {
        memo.put(index, top());
    }

    /** Under the next free index. */
    void remember() {
        remember(memo.size());
    }

    @Nullable
    Object recall(long index) {
        if (!memo.containsKey(index)) {
            throw damaged.apply("a reference to the unknown object " + index);
        }
        return memo.get(index);
    }
}
