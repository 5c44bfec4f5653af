package dev.taxon.train;

import dev.taxon.data.Batch;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.metric.Scores;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Forward and backward passes of training batches. */
final class TrainStep {
    private final Session session;
    private final long seed;
    private final List<Integer> loggedAccuracies;
    private @Nullable Program program;

    /** @param loggedAccuracies the k of each top-k accuracy that is logged for every batch */
    TrainStep(Session session, long seed, List<Integer> loggedAccuracies) {
        this.session = session;
        this.seed = seed;
        this.loggedAccuracies = List.copyOf(loggedAccuracies);
    }

    /**
     * Runs a batch in training mode, up to the loss.
     *
     * @param number keys the random numbers of the pass, beside the run's seed
     */
    void forward(Batch batch, long number) {
        Program p = session.program(Options.train(batch.count()));
        p.writeInput(batch.data());
        writeTargets(p, batch);
        p.forward(new Program.Draw(seed, number));
        program = p;
    }

    static void writeTargets(Program program, Batch batch) {
        if (batch.targets() == null) {
            program.writeTargets(batch.labels());
        } else {
            program.writeTargets(batch.targets());
        }
    }

    void backward(boolean accumulate) {
        if (program == null) {
            throw new IllegalStateException("backward before forward");
        }
        program.backward(accumulate, Program.GradientListener.NONE);
    }

    /** The loss of the last batch; NaN before the first. */
    double loss() {
        return program == null ? Double.NaN : program.loss();
    }

    /** Puts the accuracies and the loss of the last batch into the buffer, in mmcls's order. */
    void log(Batch batch, LogBuffer buffer) {
        if (!loggedAccuracies.isEmpty() && program != null) {
            float[] logits = new float[batch.count() * session.classes()];
            program.readOutput(MemorySegment.ofArray(logits));
            logAccuracies(batch, logits, buffer);
        }
        buffer.update("loss", loss(), batch.count());
    }

    /** Puts the accuracies of a batch into the buffer. */
    void logAccuracies(Batch batch, float[] logits, LogBuffer buffer) {
        Scores scores = new Scores(logits, session.classes(), batch.labels().clone());
        for (int k : loggedAccuracies) {
            long hits = IntStream.range(0, batch.count())
                    .filter(i -> scores.rank(i, scores.label(i)) < k)
                    .count();
            buffer.update("top-" + k, hits * 100.0 / batch.count(), batch.count());
        }
    }
}
