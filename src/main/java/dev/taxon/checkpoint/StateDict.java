package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.checkpoint.pickle.OrderedDict;
import dev.taxon.device.Weights;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.StateEntry;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tensors by PyTorch name, in order. A view: the tensors' memory belongs to the checkpoint or arena they came from. */
public record StateDict(Map<String, Tensor> tensors) {
    private static final String COUNTER = "num_batches_tracked";

    public StateDict {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** The entries of a tree that are tensors under a name; others are passed over. */
    public static StateDict of(Map<?, ?> tree) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tree.forEach((key, value) -> {
            if (key instanceof String name && value instanceof Tensor tensor) {
                tensors.put(name, tensor);
            }
        });
        return new StateDict(tensors);
    }

    /** Copies every parameter and buffer to the host, in registration order; counters are int64 scalars. */
    public static StateDict of(Weights weights, Arena arena) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (StateEntry entry : weights.graph().state()) {
            tensors.put(entry.name(), read(weights, entry, arena));
        }
        return new StateDict(tensors);
    }

    private static Tensor read(Weights weights, StateEntry entry, Arena arena) {
        if (entry instanceof Buffer buffer && buffer.role() == Buffer.Role.NUM_BATCHES_TRACKED) {
            return Tensor.ofLong(weights.counter(buffer));
        }
        MemorySegment data = arena.allocate(entry.shape().numel() * Float.BYTES, Float.BYTES);
        switch (entry) {
            case Parameter parameter -> weights.read(Weights.Slot.VALUE, parameter, data);
            case Buffer buffer -> weights.read(buffer, data);
        }
        return new Tensor(DType.FLOAT32, entry.shape(), data);
    }

    public Set<String> names() {
        return tensors.keySet();
    }

    public @Nullable Tensor find(String name) {
        return tensors.get(name);
    }

    /** The same tensors with {@code prefix} before their names. */
    public StateDict within(String prefix) {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> renamed.put(prefix + name, tensor));
        return new StateDict(renamed);
    }

    /**
     * The entries whose names begin with {@code prefix}, without it: mmcv's {@code Pretrained(prefix=…)}.
     *
     * @throws UserError if there are none
     */
    public StateDict under(String prefix) {
        String dotted = prefix.endsWith(".") ? prefix : prefix + ".";
        Map<String, Tensor> kept = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(dotted)) {
                kept.put(name.substring(dotted.length()), tensor);
            }
        });
        UserError.require(
                !kept.isEmpty(),
                "no name in the checkpoint begins with the prefix %s; its names are such as %s",
                dotted,
                names().stream().limit(3).toList());
        return new StateDict(kept);
    }

    public boolean isEmpty() {
        return tensors.isEmpty();
    }

    /** As a checkpoint's {@code state_dict}, with the versions of its modules, which PyTorch keeps in _metadata. */
    public OrderedDict toTree() {
        OrderedDict dict = new OrderedDict();
        dict.putAll(tensors);
        OrderedDict versions = new OrderedDict();
        versions.put("", version(1));
        for (String name : names()) {
            for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                String module = name.substring(0, dot);
                boolean counts = tensors.containsKey(module + "." + COUNTER);
                versions.putIfAbsent(module, version(counts ? 2 : 1)); // batch norm counts since its version 2
            }
        }
        dict.attributes().put("_metadata", versions);
        return dict;
    }

    private static Map<Object, Object> version(int version) {
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put("version", version);
        return map;
    }
}
