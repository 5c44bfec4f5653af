package dev.taxon.checkpoint.pickle;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/** A Python tuple: a list that cannot change, and that is written as a tuple again. */
public final class Tuple extends AbstractList<Object> {
    private final List<Object> items; // only the reader, which finishes drafts in place, writes here

    public Tuple(List<?> items) {
        this.items = new ArrayList<>(items);
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    List<Object> items() {
        return items;
    }
}
