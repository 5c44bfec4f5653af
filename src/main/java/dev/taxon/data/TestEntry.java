package dev.taxon.data;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The entry of a config's {@code data} that tells how images are prepared for a model, without opening any data: the
 * test set, the first of several, the one inside of a wrapper; else the validation set, else the training set.
 *
 * @param split key of {@code data} that it stands under
 * @param dataset the innermost data set
 * @param pipeline its transforms
 */
public record TestEntry(String split, Fields dataset, List<Fields> pipeline) {
    private static final List<String> SPLITS = List.of("test", "val", "train");
    private static final Set<String> WRAPPERS =
            Set.of("ConcatDataset", "RepeatDataset", "ClassBalancedDataset", "KFoldDataset");

    /**
     * The entry of a config.
     *
     * @param root the whole config
     * @throws UserError if the config prepares no images anywhere
     */
    public static TestEntry of(Fields root) {
        Fields data = root.dictOrNull("data");
        if (data != null) {
            for (String split : SPLITS) {
                Optional<Fields> dataset = first(data, split).map(TestEntry::unwrapped);
                if (dataset.isPresent() && dataset.get().has("pipeline")) {
                    return new TestEntry(split, dataset.get(), dataset.get().dicts("pipeline"));
                }
            }
        }
        throw UserError.of(
                "%s: the config does not say how to prepare an image: it has no data.test with a pipeline (nor data.val,"
                        + " nor data.train)",
                root.dict().at());
    }

    /** {@code type} of the data set. */
    public String type() {
        return dataset.text("type", "");
    }

    /** Whether the pipeline is that of training, whose chances an image to be classified must not take. */
    public boolean isTraining() {
        return split.equals("train");
    }

    private static Optional<Fields> first(Fields parent, String key) {
        return switch (parent.value(key)) {
            case Value.Dict d -> Optional.of(new Fields(d, path(parent, key)));
            case Value.Seq s
            when !s.items().isEmpty() && s.items().getFirst() instanceof Value.Dict d ->
                Optional.of(new Fields(d, path(parent, key) + ".0"));
            case null, default -> Optional.empty();
        };
    }

    private static Fields unwrapped(Fields entry) {
        if (!WRAPPERS.contains(entry.text("type", ""))) {
            return entry;
        }
        return first(entry, "dataset")
                .or(() -> first(entry, "datasets"))
                .map(TestEntry::unwrapped)
                .orElseThrow(() -> entry.error("dataset", "is missing: a wrapper takes a data set"));
    }

    private static String path(Fields parent, String key) {
        return parent.path().isEmpty() ? key : parent.path() + "." + key;
    }
}
