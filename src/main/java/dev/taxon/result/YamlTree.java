package dev.taxon.result;

import dev.taxon.UserError;
import dev.taxon.checkpoint.pickle.NumpyNames;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML results: ours, which are plain, and mmcls's, whose numpy arrays are tags that name Python functions. These
 * few tags are data here; nothing is called, and any other tag is refused.
 */
final class YamlTree {
    private static final String PYTHON = "tag:yaml.org,2002:python/";
    private static final String APPLY = PYTHON + "object/apply:";
    private static final int DEEPEST = 50;

    private final String name;

    private YamlTree(String name) {
        this.name = name;
    }

    /** Maps, lists, Strings, Longs, Doubles, Booleans, null, and {@link Tensor} for arrays. @throws UserError if it is no such file */
    static @Nullable Object read(String text, String name) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setSchema(new CoreSchema())
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        try {
            Node root = new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> UserError.of("%s is empty; expected a result file", name));
            return new YamlTree(name).value(root, 0);
        } catch (YamlEngineException e) {
            throw new UserError(
                    name + " is no YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    private @Nullable Object value(Node node, int depth) {
        UserError.require(depth <= DEEPEST, "%s: nested deeper than %d levels", name, DEEPEST);
        String tag = node.getTag().getValue();
        if (tag.startsWith(APPLY)) {
            return applied(tag.substring(APPLY.length()), node, depth);
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar, tag);
            case SequenceNode sequence
            when tag.equals(Tag.SEQ.getValue()) || tag.equals(PYTHON + "tuple") -> {
                List<@Nullable Object> items = new ArrayList<>();
                sequence.getValue().forEach(item -> items.add(value(item, depth + 1)));
                yield items;
            }
            case MappingNode mapping when tag.equals(Tag.MAP.getValue()) -> map(mapping, depth);
            default -> throw refused(tag);
        };
    }

    private Map<String, @Nullable Object> map(MappingNode mapping, int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw UserError.of("%s has a key that is no text; it is no result file", name);
            }
            map.put(key.getValue(), value(entry.getValueNode(), depth + 1));
        }
        return map;
    }

    private @Nullable Object scalar(ScalarNode scalar, String tag) {
        String text = scalar.getValue();
        if (tag.equals(Tag.INT.getValue()) || tag.equals(Tag.FLOAT.getValue())) {
            return number(text);
        }
        if (tag.equals(Tag.BOOL.getValue())) {
            return Boolean.parseBoolean(text);
        }
        if (tag.equals(Tag.NULL.getValue())) {
            return null;
        }
        if (tag.equals(Tag.BINARY.getValue())) {
            try {
                return Base64.getMimeDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw new UserError(name + " has binary data that is damaged: " + e.getMessage(), e);
            }
        }
        if (tag.equals(Tag.STR.getValue()) || tag.startsWith(PYTHON + "name:numpy.")) {
            return text;
        }
        throw refused(tag);
    }

    private static Object number(String text) {
        return switch (text.replaceFirst("^[+-]", "").toLowerCase(java.util.Locale.ROOT)) {
            case ".nan" -> Double.NaN;
            case ".inf" -> text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            default ->
                text.matches("[+-]?[0-9]{1,18}") ? (Object) Long.parseLong(text) : (Object) Double.parseDouble(text);
        };
    }

    /** A call of numpy's, as data. */
    private Object applied(String function, Node node, int depth) {
        List<?> args = list(node instanceof MappingNode map ? map(map, depth).get("args") : items(node, depth));
        return switch (function) {
            case "numpy.dtype" -> dtype(args);
            case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct" -> {
                List<?> state =
                        list(node instanceof MappingNode map ? map(map, depth).get("state") : null);
                check(state.size() == 5 && Boolean.FALSE.equals(state.get(3)));
                yield array(list(state.get(1)), state.get(2), state.get(4));
            }
            case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar" -> {
                check(args.size() == 2);
                yield array(List.of(), args.get(0), args.get(1)).nested();
            }
            default -> throw refused(APPLY + function);
        };
    }

    private List<@Nullable Object> items(Node node, int depth) {
        List<@Nullable Object> items = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> items.add(value(item, depth + 1)));
        }
        return items;
    }

    private DType dtype(List<?> args) {
        check(!args.isEmpty() && args.getFirst() instanceof String);
        return NumpyNames.type(String.valueOf(args.getFirst()))
                .orElseThrow(() ->
                        UserError.of("%s has an array of type %s, which Taxon does not read", name, args.getFirst()));
    }

    private Tensor array(List<?> extents, @Nullable Object dtype, @Nullable Object data) {
        if (!(dtype instanceof DType type) || !(data instanceof byte[] bytes)) {
            throw strange();
        }
        long[] dims = extents.stream()
                .mapToLong(d -> d instanceof Long n && n >= 0 && n <= Integer.MAX_VALUE ? n : Integer.MAX_VALUE)
                .toArray();
        double size = type.bytes();
        for (long d : dims) {
            size *= d;
        }
        check(dims.length <= 8 && size == bytes.length);
        return new Tensor(type, Shape.of(dims), MemorySegment.ofArray(bytes));
    }

    private List<?> list(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw strange();
    }

    private void check(boolean asNumpyWrites) {
        if (!asNumpyWrites) {
            throw strange();
        }
    }

    private UserError strange() {
        return UserError.of(
                "%s has an array that is not as numpy writes it; run the test again with --out NAME.pkl", name);
    }

    private UserError refused(String tag) {
        return UserError.of(
                "%s has the tag %s, which a result file has no need of; nothing of it was run",
                name, tag.replace("tag:yaml.org,2002:", "!!"));
    }
}
