package dev.taxon.data.survey;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.survey.Survey.Visitor;
import dev.taxon.data.transform.Image;
import dev.taxon.report.Progress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The images of a data set that cannot be read. Source: mmcls 0.25, tools/misc/verify_dataset.py. */
public final class Verification {
    private Verification() {}

    /**
     * One broken image.
     *
     * @param name its path
     * @param reason a sentence that has the name in it
     */
    public record Broken(String name, String reason) {}

    /** All broken images, in the order of the data set. */
    public static List<Broken> of(Dataset dataset, int threads, Progress progress) {
        Map<Integer, Broken> found = new ConcurrentSkipListMap<>();
        new Survey(dataset, "Verifying", threads, progress).run(new Visitor() {
            @Override
            public void image(int index, Image.Bytes image) {}

            @Override
            public void broken(int index, UserError why) {
                Broken broken = new Broken(dataset.sample(index).name(), String.valueOf(why.getMessage()));
                if (found.put(index, broken) == null) {
                    progress.line(broken.reason);
                }
            }
        });
        return List.copyOf(found.values());
    }
}
