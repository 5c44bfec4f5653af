package dev.taxon.config;

import dev.taxon.UserError;
import dev.taxon.config.Value.Dict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code --cfg-options key=value}: the key is a dotted path, whose numbers are indices of lists; {@link OptionValue} says how
 * the value is read. A missing key is added; a dict value is merged into the dict that stands there, as a child config is.
 */
final class CfgOptions {
    private static final String SOURCE = "--cfg-options ";
    private static final Set<String> VARIABLES =
            Set.of("dataset_type", "img_norm_cfg", "train_pipeline", "val_pipeline", "test_pipeline");
    private static final int LONGEST_PATH = 100;

    private CfgOptions() {}

    static Dict apply(Dict root, String option) {
        int equals = option.indexOf('=');
        UserError.require(equals > 0, "--cfg-options: expected key=value, got '%s', such as optimizer.lr=0.1", option);
        String path = option.substring(0, equals);
        Position at = new Position(SOURCE + path, 0, 0);
        return set(root, path, OptionValue.parse(option.substring(equals + 1), at));
    }

    /** What to say of an option that sets a variable of the config's: the values that were made of it stay. */
    static Optional<String> withoutEffect(String option) {
        String name = option.substring(0, option.indexOf('=')).split("\\.", 2)[0];
        return VARIABLES.contains(name)
                ? Optional.of(
                        SOURCE + name + " has no effect: '" + name + "' is a variable whose value is in 'data' already;"
                                + " set that, such as data.train.pipeline.0.size=…")
                : Optional.empty();
    }

    static Dict set(Dict root, String path, Value value) {
        List<String> keys = List.of(path.split("\\.", -1));
        UserError.require(
                keys.size() <= LONGEST_PATH && keys.stream().noneMatch(String::isEmpty),
                "--cfg-options: '%s' is not a dotted path of keys, such as model.backbone.depth",
                path);
        UserError.require(
                !keys.getFirst().equals("_base_"), "--cfg-options: _base_ cannot be set here; write a config with it");
        return (Dict) set(root, new Path(keys, path), 0, value);
    }

    private record Path(List<String> keys, String text) {
        String upTo(int depth) {
            return String.join(".", keys.subList(0, depth));
        }
    }

    private static Value set(@Nullable Value owner, Path path, int depth, Value value) {
        if (depth == path.keys().size()) {
            return value instanceof Dict d ? dict(d, owner) : value;
        }
        String key = path.keys().get(depth);
        return switch (owner) {
            case Dict d -> entry(d.entries(), d.at(), path, depth, value);
            case Value.Seq s -> {
                int index = index(s, key, path, depth);
                List<Value> items = new ArrayList<>(s.items());
                items.set(index, set(items.get(index), path, depth + 1, value));
                yield new Value.Seq(items, s.tuple(), s.at());
            }
            case Value.None n -> entry(Map.of(), value.at(), path, depth, value);
            case null -> entry(Map.of(), value.at(), path, depth, value);
            default ->
                throw UserError.of(
                        "--cfg-options: '%s' goes through %s, which is %s (%s); expected a dict or a list",
                        path.text(), path.upTo(depth), owner.kind(), owner.at());
        };
    }

    private static Dict entry(Map<String, Value> owner, Position at, Path path, int depth, Value value) {
        Map<String, Value> entries = new LinkedHashMap<>(owner);
        String key = path.keys().get(depth);
        entries.put(key, set(entries.get(key), path, depth + 1, value));
        return new Dict(entries, at);
    }

    private static Dict dict(Dict value, @Nullable Value there) {
        return there instanceof Dict base && !Merge.deletes(value) ? Merge.merge(value, base) : Merge.plain(value);
    }

    private static int index(Value.Seq list, String key, Path path, int depth) {
        UserError.require(
                key.matches("[0-9]{1,9}"),
                "--cfg-options: '%s': %s is a list (%s): expected an index from 0 to %d, got '%s'",
                path.text(),
                path.upTo(depth),
                list.at(),
                list.items().size() - 1,
                key);
        int index = Integer.parseInt(key);
        UserError.require(
                index < list.items().size(),
                "--cfg-options: '%s': Index %d exceeds the length of list %s, which has %d items (%s)",
                path.text(),
                index,
                path.upTo(depth),
                list.items().size(),
                list.at());
        return index;
    }
}
