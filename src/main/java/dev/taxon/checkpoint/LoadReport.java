package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@link Loading} found. Each name stands in one list.
 *
 * @param matched loaded entries of the model
 * @param missing entries of the model that the checkpoint lacks, batch norm's counters excepted, as in mmcv
 * @param unexpected names in the checkpoint that the model lacks
 * @param wrongShape entries that both have, in different shapes; they keep the model's values
 * @param total number of entries of the model
 * @param note how names were translated; empty if they were not
 * @param hint what would make names match; empty if nothing simple would
 */
public record LoadReport(
        List<String> matched,
        List<String> missing,
        List<String> unexpected,
        List<WrongShape> wrongShape,
        int total,
        String note,
        String hint) {
    /** One entry in two shapes. */
    public record WrongShape(String name, Shape checkpoint, Shape model) {
        /** PyTorch's sentence. */
        String text() {
            return "size mismatch for " + name + ": copying a param with shape torch.Size(" + checkpoint.toList()
                    + ") from checkpoint, the shape in current model is torch.Size(" + model.toList() + ").";
        }

        /** A linear layer that differs in its outputs only. */
        boolean isClassifier() {
            return name.endsWith(".weight")
                    && checkpoint.rank() == 2
                    && model.rank() == 2
                    && checkpoint.dim(1) == model.dim(1);
        }
    }

    public LoadReport {
        matched = List.copyOf(matched);
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        wrongShape = List.copyOf(wrongShape);
    }

    /** Model and checkpoint have the same names and shapes. */
    public boolean isExact() {
        return missing.isEmpty() && unexpected.isEmpty() && wrongShape.isEmpty();
    }

    /** mmcv's warning, word for word, and below it the class counts and the hint where there are any; empty if exact. */
    public String text() {
        if (isExact()) {
            return "";
        }
        List<String> lines = new ArrayList<>();
        lines.add("The model and loaded state dict do not match exactly\n");
        wrongShape.forEach(w -> lines.add(w.text()));
        if (!unexpected.isEmpty()) {
            lines.add("unexpected key in source state_dict: " + String.join(", ", unexpected) + "\n");
        }
        if (!missing.isEmpty()) {
            lines.add("missing keys in source state_dict: " + String.join(", ", missing) + "\n");
        }
        classCount().ifPresent(lines::add);
        if (!hint.isEmpty()) {
            lines.add(hint);
        }
        return String.join("\n", lines);
    }

    /**
     * For tests and predictions, where a model that is loaded in part would only guess: every entry must have been
     * loaded; further names in the checkpoint do no harm.
     *
     * @param file names the checkpoint in the message
     * @throws UserError one sentence that says what does not fit
     */
    public LoadReport requireComplete(Object file) {
        if (!wrongShape.isEmpty()) {
            WrongShape first = wrongShape.getFirst();
            throw new UserError(classCount()
                    .map(s -> file + ": " + s)
                    .orElseGet(() -> file + " does not fit the model: "
                            + first.name + " has shape " + first.checkpoint + " in the checkpoint and " + first.model
                            + " in the model (" + wrongShape.size()
                            + " such entries); give the config it was trained with"));
        }
        if (!missing.isEmpty()) {
            throw UserError.of(
                    "%s does not fit the model: it lacks %d of %d entries, such as %s%s; give the config it was trained with",
                    file, missing.size(), total, missing.getFirst(), hint.isEmpty() ? "" : " (" + hint + ")");
        }
        return this;
    }

    private Optional<String> classCount() {
        return wrongShape.stream()
                .filter(WrongShape::isClassifier)
                .findFirst()
                .map(w -> String.format(
                        "the checkpoint has %d classes and the model has %d (%s); set num_classes=%d, or train the head anew",
                        w.checkpoint.dim(0), w.model.dim(0), w.name, w.checkpoint.dim(0)));
    }
}
