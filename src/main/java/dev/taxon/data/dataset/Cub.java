package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.data.dataset.Labels.SingleLabel;
import dev.taxon.data.source.Images;
import dev.taxon.data.source.Tree;
import java.util.List;
import java.util.stream.IntStream;

/**
 * CUB-200-2011: three files with a line an image each, {@code id path}, {@code id class} (from 1) and {@code id
 * is_training}. Source: mmcls 0.25, datasets/cub.py.
 */
final class Cub {
    private Cub() {}

    static Dataset build(Request request) {
        Fields fields = request.fields();
        String images = fields.text("ann_file");
        String labels = fields.text("image_class_labels_file");
        String splits = fields.text("train_test_split_file");
        String prefix = fields.text("data_prefix");
        List<String> classes = request.classes(ClassNames.cub());
        fields.done();
        List<String> files = request.paths().lines(images, "ann_file");
        List<String> numbers = request.paths().lines(labels, "image_class_labels_file");
        List<String> training = request.paths().lines(splits, "train_test_split_file");
        UserError.require(
                files.size() == numbers.size() && files.size() == training.size(),
                "%s has %d lines, %s has %d and %s has %d: they must be of one data set",
                images,
                files.size(),
                labels,
                numbers.size(),
                splits,
                training.size());
        Tree tree = request.paths().tree(fields, "data_prefix", prefix);
        try {
            Images.Builder taken = tree.images();
            IntStream.Builder indices = IntStream.builder();
            for (int i = 0; i < files.size(); i++) {
                if (number(training, i, splits, 0, 1) == (request.test() ? 0 : 1)) {
                    taken.add(second(files.get(i), images, i), images + ":" + (i + 1));
                    indices.add(number(numbers, i, labels, 1, classes.size()) - 1);
                }
            }
            SingleLabel found = new SingleLabel(indices.build().toArray());
            UserError.require(found.size() > 0, "%s has no image of this split", splits);
            return new FileDataset(request.type(), classes, tree, taken.build(), found, request.pipeline());
        } catch (Throwable e) {
            tree.close();
            throw e;
        }
    }

    private static String second(String line, String file, int index) {
        int space = line.indexOf(' ');
        UserError.require(space > 0, "%s:%d: expected 'id value', got '%s'", file, index + 1, line);
        return line.substring(space + 1).strip();
    }

    private static int number(List<String> lines, int index, String file, int least, int most) {
        String text = second(lines.get(index), file, index);
        int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
        UserError.require(
                value >= least && value <= most,
                "%s:%d: expected a number from %d to %d, got '%s'",
                file,
                index + 1,
                least,
                most,
                text);
        return value;
    }
}
