package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.data.Batch;
import dev.taxon.data.Batches;
import dev.taxon.data.DataLoader;
import dev.taxon.data.Skipped;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Labels;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.dist.Communicator;
import dev.taxon.metric.MetricOptions;
import dev.taxon.metric.Metrics;
import dev.taxon.metric.Scores;
import dev.taxon.report.Progress;
import dev.taxon.result.ResultFile;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a network says of the examples of a data set, in evaluation mode.
 *
 * @param scores as the session's head gives them
 * @param examples which example each row of the scores is of, ascending; all of them, unless some could not be read
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record Evaluation(Scores scores, int[] examples) {
    /**
     * What an earlier run said of the same data set.
     *
     * @throws dev.taxon.UserError if the file is of another one
     */
    public static Evaluation of(Dataset dataset, ResultFile file) {
        ResultFile.Matrix saved = file.classScores();
        int classes = dataset.classes().size();
        UserError.require(
                saved.columns() == classes,
                "%s has scores of %d classes, but %s has %d; give the config of that test",
                file.file(),
                saved.columns(),
                dataset.name(),
                classes);
        int[] examples = file.examples(saved.rows(), dataset.size());
        Labels labels = dataset.labels().select(examples);
        return new Evaluation(new Scores(saved.values(), classes, labels), examples);
    }

    /**
     * Metrics by key, see {@link Metrics#evaluate}. Those of a ConcatDataset with {@code separate_eval} are of its parts:
     * keys begin with the part's number, {@code 0_accuracy_top-1}. Source: mmcls ConcatDataset.evaluate.
     *
     * @param dataset that was evaluated
     */
    public Map<String, Object> metrics(Dataset dataset, Collection<String> names, MetricOptions options) {
        List<Dataset> parts = dataset.evaluatedApart();
        if (parts.size() == 1 && parts.getFirst().equals(dataset)) {
            return Metrics.evaluate(scores, names, options);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        int start = 0; // of the part, among all examples
        int from = 0; // among those that could be read
        for (int i = 0; i < parts.size(); i++) {
            Dataset part = parts.get(i);
            int first = start;
            int to = from;
            while (to < examples.length && examples[to] < first + part.size()) {
                to++;
            }
            int[] own = Arrays.stream(examples, from, to).map(e -> e - first).toArray();
            String prefix = i + "_";
            new Evaluation(scores.slice(from, to), own)
                    .metrics(part, names, options)
                    .forEach((key, value) -> all.put(prefix + key, value));
            start += part.size();
            from = to;
        }
        return all;
    }

    /**
     * Runs every example through the network; of several processes each runs a share, and all have the result of all.
     *
     * @param loader sequential, keeps the last short batch
     * @param warnings gets a line when images were left out
     */
    public static Evaluation run(Session session, DataLoader loader, Progress progress, Consumer<String> warnings) {
        int classes = session.graph().output().shape().size(0);
        int count = loader.samples();
        Communicator ranks = session.communicator();
        float[] scores = new float[Math.multiplyExact(count, classes)];
        int[] examples = new int[count];
        int done = 0;
        long start = System.nanoTime();
        try (Batches batches = loader.iterator(0)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                if (batch.count() == 0) {
                    continue; // none of its images can be read
                }
                Program program = session.program(Options.eval(batch.count()));
                program.writeInput(batch.data());
                program.forward(Program.Draw.NONE);
                float[] logits = new float[batch.count() * classes];
                program.readOutput(MemorySegment.ofArray(logits));
                float[] rows = session.scores().apply(logits, classes);
                System.arraycopy(rows, 0, scores, done * classes, rows.length);
                System.arraycopy(batch.indices(), 0, examples, done, batch.count());
                done += batch.count();
                ranks.active();
                int soFar = done;
                progress.draw(() -> {
                    double seconds = (System.nanoTime() - start) / 1e9;
                    return "%d/%d, %.1f task/s, elapsed: %ds, ETA: %ds"
                            .formatted(soFar, count, soFar / seconds, (long) seconds, (long)
                                    (seconds / soFar * (count - soFar)));
                });
            }
            if (!batches.skipped().isEmpty()) {
                progress.clear();
                warnings.accept(Skipped.line(batches.skipped(), "they do not count"));
            }
        }
        progress.clear();
        if (ranks.size() > 1) {
            return new Shard(Arrays.copyOf(scores, done * classes), Arrays.copyOf(examples, done))
                    .join(ranks, loader.dataset(), classes);
        }
        if (done == count) {
            return new Evaluation(new Scores(scores, classes, loader.dataset().labels()), examples);
        }
        int[] read = Arrays.copyOf(examples, done);
        float[] rows = Arrays.copyOf(scores, done * classes);
        return new Evaluation(
                new Scores(rows, classes, loader.dataset().labels().select(read)), read);
    }
}
