package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.data.dataset.Labels.SingleLabel;
import dev.taxon.data.source.Tree;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The data sets whose images are files. This class has {@code ImageNet}, {@code ImageNet21k} and {@code CustomDataset}:
 * images in a folder a class, or named by an annotation file. Source: mmcls 0.25, datasets/custom.py.
 */
final class FileDatasets {
    static final List<String> TYPES =
            List.of("ImageNet", "ImageNet21k", "CustomDataset", "CUB", "StanfordCars", "VOC", "ListDataset");

    private static final String IMAGENET = "ImageNet";
    private static final String IMAGENET_21K = "ImageNet21k";
    private static final int IMAGENET_CLASSES = 1000;
    private static final int NAMES_SHOWN = 5;
    private static final List<String> EXTENSIONS = List.of(".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif");

    private FileDatasets() {}

    /** Lists the images; none is read. */
    static Dataset build(Request request) {
        return switch (request.type()) {
            case "CUB" -> Cub.build(request);
            case "StanfordCars" -> StanfordCars.build(request);
            case "VOC" -> Voc.build(request);
            case "ListDataset" -> ListDataset.build(request);
            default -> custom(request);
        };
    }

    private static Dataset custom(Request request) {
        Fields fields = request.fields();
        String type = request.type();
        List<String> extensions = type.equals("CustomDataset")
                ? fields.texts("extensions", EXTENSIONS).stream()
                        .map(e -> e.toLowerCase(Locale.ROOT))
                        .toList()
                : EXTENSIONS;
        if (type.equals(IMAGENET_21K)) {
            check21k(fields);
        }
        List<String> classes = request.classes(List.of());
        String annotations = fields.textOrNull("ann_file");
        request.checkFileClient();
        String prefix = fields.text("data_prefix");
        fields.done();
        Tree tree = request.paths().tree(fields, "data_prefix", prefix);
        try {
            return annotations == null
                    ? byFolder(request, tree, extensions, classes)
                    : byAnnotations(request, tree, annotations, classes);
        } catch (Throwable e) {
            tree.close();
            throw e;
        }
    }

    private static void check21k(Fields fields) {
        fields.ignore("serialize_data"); // lists are small anyway
        if (!fields.bool("recursion_subdir", true)) {
            throw fields.error("recursion_subdir", "must be True: images are found at any depth");
        }
        if (fields.bool("multi_label", false)) {
            throw fields.error("multi_label", "must be False; mmcls has no such data either");
        }
    }

    private static Dataset byFolder(Request request, Tree tree, List<String> extensions, List<String> classes) {
        Tree.ByFolder found = tree.byFolder(extensions);
        if (found.images().size() == 0) {
            throw request.fields()
                    .error(
                            "data_prefix",
                            "has no images: no file in sub-folders of " + tree.name() + " ends in "
                                    + String.join(", ", extensions) + "; each class needs a sub-folder");
        }
        List<String> names = folderClasses(request, tree.name(), found.folders(), classes);
        return FileDataset.ofFolders(request.type(), names, tree, found, request.pipeline());
    }

    private static Dataset byAnnotations(Request request, Tree tree, String file, List<String> classes) {
        List<String> known = classes.isEmpty() && request.type().equals(IMAGENET) ? ClassNames.imageNet() : classes;
        Annotations list = Annotations.read(request.paths(), file, tree, known);
        UserError.require(
                list.images().size() > 0, "%s names no image", request.paths().resolve(file));
        int largest = Arrays.stream(list.labels()).max().orElse(0);
        return new FileDataset(
                request.type(),
                known.isEmpty() ? numbers(largest + 1) : known,
                tree,
                list.images(),
                new SingleLabel(list.labels()),
                request.pipeline());
    }

    private static List<String> folderClasses(
            Request request, String prefix, List<String> folders, List<String> classes) {
        Fields fields = request.fields();
        boolean imageNet = request.type().equals(IMAGENET);
        if (classes.isEmpty()) {
            if (imageNet && folders.size() != IMAGENET_CLASSES) {
                throw fields.error(
                        "data_prefix",
                        "has " + shown(folders) + ", but ImageNet has 1000 classes; name yours in 'classes', or use"
                                + " type='CustomDataset'");
            }
            return imageNet ? ClassNames.imageNet() : folders;
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
    static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }
}
