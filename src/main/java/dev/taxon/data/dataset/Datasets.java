package dev.taxon.data.dataset;

import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.data.image.BackendDecoder;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.TransformReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds data sets from {@code data.train}, {@code data.val} and {@code data.test} of a config. */
public final class Datasets {
    private Datasets() {}

    /**
     * Reads a data set, after fetching it if it is absent; images in files of their own are only listed.
     *
     * @param fields {@code type}, {@code data_prefix}, {@code pipeline}, {@code classes}, {@code ann_file}, {@code test_mode}
     * @param root what relative paths are relative to: the working directory
     * @param provider asked when files are absent
     * @param test what {@code test_mode} is when the config does not say: true for {@code data.val} and
     *     {@code data.test}, as in mmcls
     */
    public static Dataset build(Fields fields, Path root, Provider provider, boolean test) {
        String type = fields.text("type");
        if (Wrappers.TYPES.contains(type)) {
            Paths paths = new Paths(root, provider.progress());
            return Wrappers.build(fields, paths, test, (inner, mode) -> build(inner, root, provider, mode));
        }
        List<Value> parts = parts(fields);
        if (!parts.isEmpty()) {
            return build(concat(parts, fields.dict().at(), fields.path()), root, provider, test);
        }
        Optional<Kind> kind = Kind.of(type);
        if (kind.isEmpty() && !FileDatasets.TYPES.contains(type)) {
            String suggestion = Nearest.suggestion(type, types());
            throw fields.error("type", "names no data set: '" + type + "'; " + suggestion);
        }
        boolean testMode = fields.bool("test_mode", test);
        Pipeline pipeline = new TransformReader(new BackendDecoder()).pipeline(fields.dicts("pipeline"));
        Paths paths = new Paths(root, provider.progress());
        Request request = new Request(fields, paths, testMode, pipeline);
        return kind.isEmpty() ? FileDatasets.build(request) : inMemory(kind.get(), request, provider);
    }

    private static Dataset inMemory(Kind kind, Request request, Provider provider) {
        Path folder = request.paths().resolve(request.fields().text("data_prefix"));
        List<String> classes = request.classes(kind.classes());
        request.fields().ignore("ann_file"); // of no use to these data sets, in mmcls either
        request.fields().done();
        if (!kind.present(folder, request.test())) {
            provider.provide(kind, folder, request.test());
        }
        Examples examples = kind.read(folder, request.test());
        return new MemoryDataset(kind.type(), classes, examples.images(), examples.labels(), request.pipeline());
    }

    /** The classes that a data set of this type always has; empty if its own config or files tell, or if it is unknown. */
    public static List<String> classes(String type) {
        return switch (type) {
            case "ImageNet" -> ClassNames.imageNet();
            case "CUB" -> ClassNames.cub();
            case "StanfordCars" -> ClassNames.stanfordCars();
            case "VOC" -> ClassNames.VOC;
            default -> Kind.of(type).map(Kind::classes).orElse(List.of());
        };
    }

    private static List<String> types() {
        return Stream.of(Kind.types(), FileDatasets.TYPES, Wrappers.TYPES)
                .flatMap(List::stream)
                .toList();
    }

    /**
     * {@code data.train} and its like; as in mmcls a list of data sets is a ConcatDataset of them.
     *
     * @param data the key {@code data}
     */
    public static @Nullable Fields field(Fields data, String key) {
        if (data.value(key) instanceof Value.Seq list) {
            return concat(list.items(), list.at(), data.path() + "." + key);
        }
        return data.dictOrNull(key);
    }

    private static Fields concat(List<Value> parts, Position at, String path) {
        Map<String, Value> entries = new LinkedHashMap<>();
        entries.put("type", new Value.Text("ConcatDataset", at));
        entries.put("datasets", new Value.Seq(parts, false, at));
        return new Fields(new Value.Dict(entries, at), path);
    }

    /** A data set for each item where {@code ann_file} or {@code data_prefix} is a list; else none. */
    private static List<Value> parts(Fields fields) {
        List<Value> files = listed(fields, "ann_file");
        List<Value> prefixes = listed(fields, "data_prefix");
        if (files.size() > 1 && prefixes.size() > 1 && files.size() != prefixes.size()) {
            throw fields.error(
                    "ann_file", "has " + files.size() + " items, but data_prefix has " + prefixes.size() + " items");
        }
        List<Value> out = new ArrayList<>();
        for (int i = 0; i < Math.max(files.size(), prefixes.size()); i++) {
            Map<String, Value> entries = new LinkedHashMap<>(fields.dict().entries());
            if (!files.isEmpty()) {
                entries.put("ann_file", files.get(files.size() == 1 ? 0 : i));
            }
            if (!prefixes.isEmpty()) {
                entries.put("data_prefix", prefixes.get(prefixes.size() == 1 ? 0 : i));
            }
            out.add(new Value.Dict(entries, fields.dict().at()));
        }
        return out;
    }

    private static List<Value> listed(Fields fields, String key) {
        if (!(fields.value(key) instanceof Value.Seq list)) {
            return List.of();
        }
        if (list.items().isEmpty()) {
            throw fields.error(key, "is an empty list");
        }
        return list.items();
    }
}
