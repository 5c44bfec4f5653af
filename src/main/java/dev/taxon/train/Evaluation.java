package dev.taxon.train;

import dev.taxon.data.Batch;
import dev.taxon.data.Batches;
import dev.taxon.data.DataLoader;
import dev.taxon.data.Skipped;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.metric.Scores;
import dev.taxon.report.Progress;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;

/** Runs a data set through a network in evaluation mode. */
public final class Evaluation {
    private Evaluation() {}

    /**
     * Scores of every sample, in order, as the session's head gives them.
     *
     * @param loader sequential, keeps the last short batch
     * @param warnings gets a line when images were left out
     */
    public static Scores run(Session session, DataLoader loader, Progress progress, Consumer<String> warnings) {
        int classes = session.graph().output().shape().size(0);
        int count = loader.dataset().size();
        float[] scores = new float[Math.multiplyExact(count, classes)];
        int[] labels = new int[count];
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
                System.arraycopy(batch.labels(), 0, labels, done, batch.count());
                done += batch.count();
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
        return new Scores(Arrays.copyOf(scores, done * classes), classes, Arrays.copyOf(labels, done));
    }
}
