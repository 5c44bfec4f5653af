package dev.taxon;

import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.data.TestEntry;
import dev.taxon.data.dataset.Datasets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The names of a model's classes, by index, and where they come from when not from the checkpoint.
 *
 * @param note a sentence for the user; empty for the checkpoint's own names
 */
record ClassNames(List<String> names, Optional<String> note) {
    ClassNames {
        names = List.copyOf(names);
    }

    /**
     * The first of these that has as many names as the model has outputs: the checkpoint's {@code meta.CLASSES}, the
     * config's {@code classes}, what the data set is known to hold, numbers.
     */
    static ClassNames of(List<String> checkpoint, Optional<TestEntry> entry, int outputs) {
        if (checkpoint.size() == outputs) {
            return new ClassNames(checkpoint, Optional.empty());
        }
        String why = checkpoint.isEmpty()
                ? "the checkpoint has no class names"
                : "the checkpoint names %d classes, but the model has %d".formatted(checkpoint.size(), outputs);
        Optional<List<String>> ofConfig =
                entry.map(e -> configured(e.dataset())).filter(n -> n.size() == outputs);
        if (ofConfig.isPresent()) {
            return new ClassNames(ofConfig.get(), Optional.of(why + ": they are those of the config"));
        }
        Optional<List<String>> known = entry.map(ClassNames::known).filter(n -> n.size() == outputs);
        if (known.isPresent()) {
            return new ClassNames(
                    known.get(),
                    Optional.of(why + ": they are those of "
                            + entry.map(TestEntry::type).orElse("the data set")));
        }
        List<String> numbers =
                IntStream.range(0, outputs).mapToObj(Integer::toString).toList();
        return new ClassNames(
                numbers,
                Optional.of(why + ", nor do the config or the data set name " + outputs + ": classes are numbers"));
    }

    /** {@code classes}: a list, or a file with a name a line. */
    private static List<String> configured(Fields dataset) {
        if (!(dataset.value("classes") instanceof Value.Text file)) {
            return dataset.texts("classes", List.of());
        }
        Path path = Path.of(file.value());
        if (!Files.isRegularFile(path)) {
            return List.of(); // the names may still be known otherwise
        }
        try (Stream<String> lines = Files.lines(path)) {
            return lines.map(String::strip).filter(l -> !l.isEmpty()).toList();
        } catch (IOException | UncheckedIOException e) {
            throw new UserError("classes: " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> known(TestEntry entry) {
        List<String> fixed = Datasets.classes(entry.type());
        String folder = entry.dataset().textOrNull("data_prefix");
        if (!fixed.isEmpty() || folder == null || entry.dataset().has("ann_file")) {
            return fixed;
        }
        try (Stream<Path> children = Files.list(Path.of(folder))) { // a folder a class
            return children.filter(Files::isDirectory)
                    .map(c -> c.getFileName().toString())
                    .filter(n -> !n.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of(); // the data is elsewhere: nothing is lost but the names
        }
    }
}
