package dev.taxon.checkpoint.pickle;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that one kind of file may mention. Anything else is refused before it means anything. */
public final class AllowList {
    /** PyTorch checkpoints: containers, tensors, storages, and the numpy scalars that training scripts leave in them. */
    public static final AllowList CHECKPOINT = new AllowList(
            "a checkpoint", StandardCharsets.UTF_8, List.of(BuiltinNames.ALL, NumpyNames.ALL, TorchNames.ALL));

    /** CIFAR's batches: a dict of numpy arrays and lists, pickled by Python 2 (strings are Latin-1) or 3. */
    public static final AllowList CIFAR =
            new AllowList("a CIFAR batch", StandardCharsets.ISO_8859_1, List.of(BuiltinNames.CODECS, NumpyNames.ALL));

    /** Files of predictions, as {@code test --out result.pkl} writes them. */
    public static final AllowList RESULTS =
            new AllowList("a result file", StandardCharsets.ISO_8859_1, List.of(BuiltinNames.ALL, NumpyNames.ALL));

    private final String kind;
    private final Charset strings;
    private final Map<String, Draft> names = new HashMap<>();

    private AllowList(String kind, Charset strings, List<Map<String, Draft>> parts) {
        this.kind = kind;
        this.strings = strings;
        parts.forEach(names::putAll);
    }

    /** What the file should be, with its article. */
    String kind() {
        return kind;
    }

    /** Encoding of Python 2 strings. */
    Charset strings() {
        return strings;
    }

    @Nullable
    Draft find(String module, String name) {
        return names.get(module + "." + name);
    }
}
