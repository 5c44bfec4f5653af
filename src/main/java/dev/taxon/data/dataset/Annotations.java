package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.data.source.Images;
import dev.taxon.data.source.Tree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Images and their class indices, in the order of an annotation file.
 *
 * @param labels one an image
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, not compared
record Annotations(Images images, int[] labels) {
    /**
     * Reads lines {@code relative/path label}, divided at the last space; empty lines do not count.
     *
     * @param file the annotation file
     * @param classes what a label may name instead of its index; empty: any index will do. A name may have spaces
     */
    static Annotations read(Paths paths, String file, Tree tree, List<String> classes) {
        Images.Builder images = tree.images();
        IntStream.Builder labels = IntStream.builder();
        Map<String, Integer> numbers = numbers(classes);
        paths.forEachLine(file, "ann_file", (line, where) -> {
            if (!line.isBlank()) {
                String text = line.strip();
                int space = space(text, numbers);
                UserError.require(space > 0, "%s: expected 'relative/path label', got '%s'", where, text);
                images.add(text.substring(0, space).strip(), where);
                labels.add(label(text.substring(space + 1), numbers, classes.size(), where));
            }
        });
        return new Annotations(images.build(), labels.build().toArray());
    }

    /** Class indices by name; of equal names the first. */
    static Map<String, Integer> numbers(List<String> classes) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < classes.size(); i++) {
            numbers.putIfAbsent(classes.get(i), i);
        }
        return numbers;
    }

    /** The space before the label: the last one, or an earlier one if a class name with spaces stands behind it. */
    private static int space(String line, Map<String, Integer> numbers) {
        int last = line.lastIndexOf(' ');
        if (last < 0 || isNumber(line.substring(last + 1)) || numbers.containsKey(line.substring(last + 1))) {
            return last;
        }
        for (int at = last; at > 0; at = line.lastIndexOf(' ', at - 1)) {
            if (numbers.containsKey(line.substring(at + 1))) {
                return at;
            }
        }
        return last;
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,9}");
    }

    /** A class index, or the name of a class. */
    static int label(String text, Map<String, Integer> numbers, int classes, String where) {
        if (isNumber(text)) { // an index, as in mmcls, even where classes are named by numbers
            int label = Integer.parseInt(text);
            UserError.require(
                    classes == 0 || label < classes,
                    "%s: the label is %d, but there are %d classes; check the config's 'classes'",
                    where,
                    label,
                    classes);
            return label;
        }
        Integer label = numbers.get(text);
        if (label == null) {
            throw UserError.of("%s: the label '%s' is neither a class index nor one of 'classes'", where, text);
        }
        return label;
    }
}
