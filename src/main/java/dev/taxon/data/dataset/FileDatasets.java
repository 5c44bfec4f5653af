package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.data.transform.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** {@code ImageNet} and {@code CustomDataset}: images in a folder a class, or named by an annotation file. */
final class FileDatasets {
    static final List<String> TYPES = List.of("ImageNet", "CustomDataset");

    private static final int IMAGENET_CLASSES = 1000;
    private static final int NAMES_SHOWN = 5;
    private static final List<String> EXTENSIONS = List.of(".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif");

    private FileDatasets() {}

    /**
     * Lists the images; none is read.
     *
     * @param prefix the folder that {@code data_prefix} names
     * @param annotations the file that {@code ann_file} names, or null
     * @param classes the names that the config gives; empty for none
     */
    static Dataset build(
            Fields fields, Path prefix, @Nullable Path annotations, List<String> classes, Pipeline pipeline) {
        String type = fields.text("type");
        List<String> extensions = fields.texts("extensions", EXTENSIONS).stream()
                .map(e -> e.toLowerCase(Locale.ROOT))
                .toList();
        Fields client = fields.dictOrNull("file_client_args");
        if (client != null && !client.text("backend", "disk").equals("disk")) {
            throw client.error("backend", "must be 'disk': images are read from files");
        }
        fields.done();
        if (!Files.isDirectory(prefix)) {
            throw fields.error("data_prefix", "names no folder: " + prefix.toAbsolutePath());
        }
        if (annotations == null) {
            FileList list = FileList.ofFolders(prefix, extensions);
            return new FileDataset(
                    type, folderClasses(fields, prefix, extensions, list, classes), prefix, list, pipeline);
        }
        List<String> known = classes.isEmpty() && type.equals("ImageNet") ? numbers(IMAGENET_CLASSES) : classes;
        FileList list = FileList.ofAnnotations(annotations, known);
        UserError.require(!list.files().isEmpty(), "%s names no image", annotations);
        int largest = Arrays.stream(list.labels()).max().orElse(0);
        return new FileDataset(type, known.isEmpty() ? numbers(largest + 1) : known, prefix, list, pipeline);
    }

    private static List<String> folderClasses(
            Fields fields, Path prefix, List<String> extensions, FileList list, List<String> classes) {
        List<String> folders = list.folders();
        if (list.files().isEmpty()) {
            throw fields.error(
                    "data_prefix",
                    "has no images: found 0 files that end in " + String.join(", ", extensions) + " in sub-folders of "
                            + prefix + "; each class needs a sub-folder");
        }
        if (classes.isEmpty()) {
            if (fields.text("type").equals("ImageNet") && folders.size() != IMAGENET_CLASSES) {
                throw fields.error(
                        "data_prefix",
                        "has " + shown(folders) + ", but ImageNet has 1000 classes; name yours in 'classes', or use"
                                + " type='CustomDataset'");
            }
            return folders;
        }
        if (classes.size() != folders.size()) {
            throw fields.error(
                    "classes",
                    "has " + classes.size() + " names, but " + prefix + " has " + shown(folders)
                            + "; there must be one for each, in their order");
        }
        if (!classes.equals(folders)
                && classes.stream()
                        .sorted()
                        .toList()
                        .equals(folders.stream().sorted().toList())) {
            throw fields.error(
                    "classes",
                    "names the sub-folders of " + prefix + " in another order than " + shown(folders)
                            + ", by which they are numbered; leave 'classes' out or sort it");
        }
        return classes;
    }

    private static String shown(List<String> folders) {
        String names = String.join(", ", folders.subList(0, Math.min(NAMES_SHOWN, folders.size())));
        return folders.size() + " sub-folders (" + names + (folders.size() > NAMES_SHOWN ? ", …)" : ")");
    }

    /** Names for classes that nothing names. */
    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }
}
