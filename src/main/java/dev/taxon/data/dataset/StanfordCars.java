package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.data.dataset.Labels.SingleLabel;
import dev.taxon.data.source.Images;
import dev.taxon.data.source.Tree;
import java.util.List;

/**
 * Stanford Cars: {@code cars_train} and {@code cars_test} with annotations in MATLAB files, whose classes count from 1.
 * Source: mmcls 0.25, datasets/stanford_cars.py.
 */
final class StanfordCars {
    private StanfordCars() {}

    static Dataset build(Request request) {
        Fields fields = request.fields();
        String root = fields.text("data_prefix");
        boolean test = request.test();
        String file = fields.text(
                "ann_file", root + "/devkit/cars_" + (test ? "test_annos_withlabels.mat" : "train_annos.mat"));
        List<String> classes = request.classes(ClassNames.stanfordCars());
        fields.done();
        MatFile.Structs annotations = MatFile.structs(request.paths().read(file, "ann_file"), "annotations", file);
        Tree tree = request.paths().tree(fields, "data_prefix", root + (test ? "/cars_test" : "/cars_train"));
        try {
            Images.Builder images = tree.images();
            int[] labels = new int[annotations.count()];
            for (int i = 0; i < labels.length; i++) {
                double label = annotations.number(i, "class");
                UserError.require(
                        label == Math.rint(label) && label >= 1 && label <= classes.size(),
                        "%s: annotation %d has class %s; expected 1 to %d",
                        file,
                        i + 1,
                        label,
                        classes.size());
                labels[i] = (int) label - 1;
                images.add(annotations.text(i, "fname"), file + ", annotation " + (i + 1));
            }
            UserError.require(labels.length > 0, "%s names no image", file);
            return new FileDataset(
                    request.type(), classes, tree, images.build(), new SingleLabel(labels), request.pipeline());
        } catch (Throwable e) {
            tree.close();
            throw e;
        }
    }
}
