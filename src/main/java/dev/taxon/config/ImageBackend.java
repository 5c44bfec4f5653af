package dev.taxon.config;

import dev.taxon.config.Value.Dict;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code taxon.image_backend}: what {@code imdecode_backend} is in every LoadImageFromFile that has none of its own, as
 * {@code mmcv.use_backend} sets it for a whole program.
 */
final class ImageBackend {
    private static final String KEY = "imdecode_backend";

    private ImageBackend() {}

    /** A config in which its steps say it. */
    static Dict spread(Dict root) {
        return root.entries().get("taxon") instanceof Dict own
                        && own.entries().get("image_backend") instanceof Value.Text backend
                ? (Dict) spread(root, backend)
                : root;
    }

    private static Value spread(Value value, Value.Text backend) {
        return switch (value) {
            case Dict dict -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                dict.entries().forEach((key, inner) -> entries.put(key, spread(inner, backend)));
                if (dict.entries().get("type") instanceof Value.Text type
                        && type.value().equals("LoadImageFromFile")) {
                    entries.putIfAbsent(KEY, backend);
                }
                yield new Dict(entries, dict.at());
            }
            case Value.Seq list ->
                new Value.Seq(
                        list.items().stream().map(item -> spread(item, backend)).toList(), list.tuple(), list.at());
            case Value.None none -> none;
            case Value.Bool bool -> bool;
            case Value.Int number -> number;
            case Value.Real number -> number;
            case Value.Text text -> text;
        };
    }
}
