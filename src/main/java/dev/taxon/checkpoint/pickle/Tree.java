package dev.taxon.checkpoint.pickle;

import dev.taxon.checkpoint.pickle.Draft.NumpyArray;
import dev.taxon.checkpoint.pickle.Draft.NumpyType;
import dev.taxon.checkpoint.pickle.Draft.RawString;
import dev.taxon.checkpoint.pickle.Draft.StorageRef;
import dev.taxon.checkpoint.pickle.Draft.TensorRef;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the unpickler left into plain data, in place, and makes sure that it is a tree that one can walk: no
 * container holds itself, and nesting is at most {@value #MAX_DEPTH} deep.
 */
public final class Tree {
    static final int MAX_DEPTH = 200;

    private final PickleInput in;
    private final Charset strings;
    private final Function<TensorRef, Tensor> tensors;
    private final IdentityHashMap<Object, @Nullable Object> finished = new IdentityHashMap<>();
    private final IdentityHashMap<Object, Integer> heights = new IdentityHashMap<>();

    private Tree(PickleInput in, AllowList allowed, Function<TensorRef, Tensor> tensors) {
        this.in = in;
        this.strings = allowed.strings();
        this.tensors = tensors;
    }

    /**
     * The plain form of {@code root}, all of whose drafts are replaced.
     *
     * @param tensors gives a tensor its elements; called once for each draft of a tensor
     */
    public static @Nullable Object finish(
            @Nullable Object root, PickleInput in, AllowList allowed, Function<TensorRef, Tensor> tensors) {
        Tree tree = new Tree(in, allowed, tensors);
        Object plain = tree.plain(root);
        tree.walk(plain, 0);
        return plain;
    }

    /** Finishes everything below {@code node}; returns how deep it is nested. */
    private int walk(@Nullable Object node, int depth) {
        if (!(node instanceof Map || node instanceof List)) {
            return 0;
        }
        int known = heights.getOrDefault(node, 0);
        if (depth + known > MAX_DEPTH) {
            throw in.damaged(in.position(), "containers nested more than " + MAX_DEPTH + " deep");
        }
        if (known > 0) {
            return known;
        }
        int height = 0;
        if (node instanceof OrderedDict dict) {
            height = values(dict.attributes(), depth);
        }
        if (node instanceof Map<?, ?> map) {
            height = Math.max(height, values(map, depth));
        } else if (node instanceof Tuple tuple) {
            height = items(tuple.items(), depth);
        } else if (node instanceof List<?> list) {
            height = items(list, depth);
        }
        heights.put(node, height + 1);
        return height + 1;
    }

    private <V> int values(Map<?, V> map, int depth) {
        int height = 0;
        for (Map.Entry<?, V> entry : map.entrySet()) {
            @SuppressWarnings("unchecked") // maps and lists of a pickle hold any object
            Map.Entry<?, Object> any = (Map.Entry<?, Object>) entry;
            Object plain = plain(any.getValue());
            any.setValue(plain);
            height = Math.max(height, walk(plain, depth + 1));
        }
        return height;
    }

    private <V> int items(List<V> list, int depth) {
        @SuppressWarnings("unchecked") // as above
        List<Object> any = (List<Object>) list;
        int height = 0;
        for (int i = 0; i < any.size(); i++) {
            Object plain = plain(any.get(i));
            any.set(i, plain);
            height = Math.max(height, walk(plain, depth + 1));
        }
        return height;
    }

    private @Nullable Object plain(@Nullable Object value) {
        if (!(value instanceof Draft draft)) {
            return value;
        }
        if (!finished.containsKey(draft)) {
            finished.put(draft, finish(draft));
        }
        return finished.get(draft);
    }

    private @Nullable Object finish(Draft draft) {
        return switch (draft) {
            case Draft.Constant c -> c.name();
            case Draft.Function f -> f.name();
            case Draft.StorageType t -> "torch." + t.dtype();
            case Draft.ElementType t -> t.name();
            case StorageRef s ->
                tensors.apply(new TensorRef(s, s.dtype(), 0, List.of(s.numel() - s.viewOffset()), List.of(1L)));
            case TensorRef t -> tensors.apply(t);
            case RawString raw -> new String(raw.bytes().toArray(ValueLayout.JAVA_BYTE), strings);
            case NumpyType t -> t.dtype.toString();
            case NumpyArray a -> NumpyNames.tensor(a);
        };
    }
}
