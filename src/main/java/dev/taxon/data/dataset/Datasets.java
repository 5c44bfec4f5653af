package dev.taxon.data.dataset;

import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.config.Value;
import dev.taxon.data.transform.JdkDecoder;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.TransformReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds data sets from {@code data.train}, {@code data.val} and {@code data.test} of a config. */
public final class Datasets {
    private Datasets() {}

    /**
     * Reads a data set, after fetching it if it is absent.
     *
     * @param fields {@code type}, {@code data_prefix}, {@code pipeline}, {@code classes}, {@code test_mode}
     * @param root what relative paths are relative to: the working directory
     * @param provider asked when files are absent
     */
    public static Dataset build(Fields fields, Path root, Provider provider) {
        String type = fields.text("type");
        Kind kind = Kind.of(type)
                .orElseThrow(() -> fields.error(
                        "type", "names no data set: '" + type + "'; " + Nearest.suggestion(type, Kind.types())));
        Path folder = resolve(root, fields.text("data_prefix"));
        boolean test = fields.bool("test_mode", false);
        Pipeline pipeline = new TransformReader(new JdkDecoder()).pipeline(fields.dicts("pipeline"));
        List<String> classes = classes(fields, root, kind.classes());
        fields.ignore("ann_file").done(); // mmcls takes ann_file for all data sets, and has no use for it in these
        if (!kind.present(folder, test)) {
            provider.provide(kind, folder, test);
        }
        Examples examples = kind.read(folder, test);
        return new MemoryDataset(type, classes, examples.images(), examples.labels(), pipeline);
    }

    /** {@code classes}: absent, a list of names, or a file with one name a line. */
    private static List<String> classes(Fields fields, Path root, List<String> otherwise) {
        if (!(fields.value("classes") instanceof Value.Text text)) {
            return fields.texts("classes", otherwise);
        }
        Path file = resolve(root, text.value());
        try (var lines = Files.lines(file)) {
            return lines.map(String::strip).filter(line -> !line.isEmpty()).toList();
        } catch (IOException e) {
            throw fields.error("classes", "names the file " + file + ", which cannot be read: " + e);
        }
    }

    private static Path resolve(Path root, String path) {
        if (path.equals("~") || path.startsWith("~/")) {
            return Path.of(System.getProperty("user.home") + path.substring(1));
        }
        return root.resolve(path);
    }
}
