package dev.taxon.checkpoint.pickle;

import dev.taxon.UserError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments of a call in a pickle, checked as they are taken. */
final class Args {
    private final Unpickler caller;
    private final String function;
    private final List<?> values;

    Args(Unpickler caller, String function, List<?> values) {
        this.caller = caller;
        this.function = function;
        this.values = values;
    }

    int size() {
        return values.size();
    }

    @Nullable
    Object any(int i) {
        if (i >= values.size()) {
            throw wrong("no argument " + i);
        }
        return values.get(i);
    }

    <T> T as(int i, Class<T> type) {
        Object value = any(i);
        if (!type.isInstance(value)) {
            throw wrong("an argument " + i + " that is not a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    long integer(int i) {
        return as(i, Long.class);
    }

    String text(int i) {
        return any(i) instanceof Draft.RawString raw ? caller.decode(raw) : as(i, String.class);
    }

    /** A tuple or list of integers ≥ 0. */
    List<Long> extents(int i) {
        List<Long> out = new ArrayList<>();
        for (Object o : as(i, List.class)) {
            if (!(o instanceof Long n) || n < 0) {
                throw wrong("an argument " + i + " with an entry that is not a size");
            }
            out.add(n);
        }
        return out;
    }

    /** A value that may be a key of a map. */
    @Nullable
    Object key(@Nullable Object value) {
        return caller.key(value);
    }

    /** The arguments of an inner call. */
    Args inner(String name, List<?> inner) {
        return new Args(caller, name, inner);
    }

    /** Counts memory that a result takes beyond the pickle's own bytes, so that a small file cannot ask for all of it. */
    void charge(long bytes) {
        caller.charge(bytes);
    }

    UserError wrong(String what) {
        return caller.damaged("a call of " + function + " with " + what);
    }
}
