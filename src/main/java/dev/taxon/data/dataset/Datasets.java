package dev.taxon.data.dataset;

import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.config.Value;
import dev.taxon.data.transform.JdkDecoder;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.TransformReader;
import java.io.IOException;
import java.io.UncheckedIOException;
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
     * @param test what {@code test_mode} is when the config does not say: true for {@code data.val} and
     *     {@code data.test}, as in mmcls
     */
    public static Dataset build(Fields fields, Path root, Provider provider, boolean test) {
        String type = fields.text("type");
        Kind kind = Kind.of(type)
                .orElseThrow(() -> fields.error(
                        "type", "names no data set: '" + type + "'; " + Nearest.suggestion(type, Kind.types())));
        Path folder = resolve(root, fields.text("data_prefix"));
        boolean testMode = fields.bool("test_mode", test);
        Pipeline pipeline = new TransformReader(new JdkDecoder()).pipeline(fields.dicts("pipeline"));
        List<String> classes = classes(fields, root, kind.classes());
        fields.ignore("ann_file").done(); // mmcls takes ann_file for all data sets, and has no use for it in these
        if (!kind.present(folder, testMode)) {
            provider.provide(kind, folder, testMode);
        }
        Examples examples = kind.read(folder, testMode);
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
        } catch (IOException | UncheckedIOException e) {
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
