package dev.taxon.data.dataset;

import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.config.Value;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.TransformReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
        Optional<Kind> kind = Kind.of(type);
        if (kind.isEmpty() && !FileDatasets.TYPES.contains(type)) {
            String suggestion = Nearest.suggestion(type, types());
            throw fields.error("type", "names no data set: '" + type + "'; " + suggestion);
        }
        Path folder = resolve(root, fields.text("data_prefix"));
        boolean testMode = fields.bool("test_mode", test);
        Pipeline pipeline = new TransformReader(new OpenCvDecoder()).pipeline(fields.dicts("pipeline"));
        String annotations = fields.textOrNull("ann_file"); // of no use to the data sets of one kind
        if (kind.isEmpty()) {
            Path file = annotations == null ? null : resolve(root, annotations);
            return FileDatasets.build(fields, folder, file, classes(fields, root, List.of()), pipeline);
        }
        List<String> classes = classes(fields, root, kind.get().classes());
        fields.done();
        if (!kind.get().present(folder, testMode)) {
            provider.provide(kind.get(), folder, testMode);
        }
        Examples examples = kind.get().read(folder, testMode);
        return new MemoryDataset(type, classes, examples.images(), examples.labels(), pipeline);
    }

    /** The classes that a data set of this type always has; empty if its own config or files tell, or if it is unknown. */
    public static List<String> classes(String type) {
        return Kind.of(type).map(Kind::classes).orElse(List.of());
    }

    private static List<String> types() {
        return Stream.concat(Kind.types().stream(), FileDatasets.TYPES.stream()).toList();
    }

    /** {@code classes}: absent, a list of names, or a file with one name a line. */
    private static List<String> classes(Fields fields, Path root, List<String> otherwise) {
        if (!(fields.value("classes") instanceof Value.Text text)) {
            return fields.texts("classes", otherwise);
        }
        return FileList.lines(resolve(root, text.value()), "classes").stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static Path resolve(Path root, String path) {
        if (path.equals("~") || path.startsWith("~/")) {
            return Path.of(System.getProperty("user.home") + path.substring(1));
        }
        return root.resolve(path);
    }
}
