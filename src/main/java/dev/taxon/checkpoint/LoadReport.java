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
 * @param skipped entries of the model's head that keep its values because that was asked for
 * @param total number of entries that could have been loaded
 * @param note what was done to names and position embeddings; empty if nothing
 * @param hint what would make names match; empty if nothing simple would
 */
public record LoadReport(
        List<String> matched,
        List<String> missing,
        List<String> unexpected,
        List<WrongShape> wrongShape,
        List<String> skipped,
        int total,
        String note,
        String hint) {
    /** One entry in two shapes; {@code head} if it depends on the number of classes. */
    public record WrongShape(String name, Shape checkpoint, Shape model, boolean head) {
        String text() {
            return name + ": " + checkpoint + " in the checkpoint, " + model + " in the model";
        }

        /** A linear layer that differs in its outputs only. */
        boolean isClassifier() {
            return head
                    && name.endsWith(".weight")
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
        skipped = List.copyOf(skipped);
    }

    /** Model and checkpoint have the same names and shapes, the skipped head apart. */
    public boolean isExact() {
        return missing.isEmpty() && unexpected.isEmpty() && wrongShape.isEmpty();
    }

    /** One line: how much was loaded, what was done to the names, what was skipped. */
    public String summary() {
        return "loaded " + matched.size() + " of " + total + " entries" + (note.isEmpty() ? "" : "; " + note)
                + (skipped.isEmpty() ? "" : "; skipped the head, as asked: " + String.join(", ", skipped));
    }

    /** mmcv's warning, then each difference once, the class counts and the hint where there are any; empty if exact. */
    public String text() {
        if (isExact()) {
            return "";
        }
        List<String> lines = new ArrayList<>();
        lines.add("The model and loaded state dict do not match exactly: " + summary());
        list(
                lines,
                "other shape, not loaded",
                wrongShape.stream().map(WrongShape::text).toList());
        list(lines, "missing in the checkpoint", missing);
        list(lines, "in the checkpoint only", unexpected);
        classCount().ifPresent(s -> lines.add(s + "; set num_classes to the checkpoint's, or train the head anew"));
        if (!hint.isEmpty()) {
            lines.add(hint);
        }
        return String.join("\n", lines);
    }

    private static void list(List<String> lines, String title, List<String> names) {
        if (!names.isEmpty()) {
            lines.add(title + " (" + names.size() + "):");
            names.forEach(name -> lines.add("  " + name));
        }
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
                    .map(s -> file + ": " + s + "; set num_classes to the checkpoint's")
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

    /**
     * For the start of a training: another number of classes is an error, since the head would stay untrained without a
     * word; it can be asked for.
     *
     * @param file names the checkpoint in the message
     * @throws UserError one sentence with both numbers and the option that skips the head
     */
    public LoadReport requireSameClasses(Object file) {
        classCount().ifPresent(counts -> {
            throw UserError.of(
                    "%s: %s; set num_classes to the checkpoint's, or leave the head as it is initialized with train"
                            + " --skip-head or --cfg-options taxon.skip_head=True",
                    file, counts);
        });
        return this;
    }

    private Optional<String> classCount() {
        return wrongShape.stream()
                .filter(WrongShape::isClassifier)
                .findFirst()
                .map(w -> String.format(
                        "the checkpoint has %d classes and the model has %d (%s)",
                        w.checkpoint.dim(0), w.model.dim(0), w.name));
    }
}
