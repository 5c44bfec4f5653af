package dev.taxon.train;

import dev.taxon.data.Batch;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Reading;
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
        int ranks = session.communicator().size();
        p.forward(new Program.Draw(seed, number * ranks + session.communicator().rank()));
        program = p;
    }

    static void writeTargets(Program program, Batch batch) {
        if (batch.targets() == null) {
            program.writeTargets(batch.labels());
        } else {
            program.writeTargets(batch.targets());
        }
    }

    /** @param listener hears of gradients that are final */
    void backward(boolean accumulate, Program.GradientListener listener) {
        if (program == null) {
            throw new IllegalStateException("backward before forward");
        }
        program.backward(accumulate, listener);
    }

    /** The accuracies of the last batch, on this rank, and behind them its loss, as soon as they are asked for. */
    StepValues read(Batch batch) {
        if (program == null) {
            throw new IllegalStateException("no batch has run");
        }
        boolean logits = !loggedAccuracies.isEmpty();
        Reading reading = program.read(logits);
        int[] labels = logits ? batch.labels().clone() : new int[0]; // the batch's own are soon another's
        float[] scores = new float[labels.length * session.classes()];
        return new StepValues(() -> {
            if (logits) {
                reading.output(MemorySegment.ofArray(scores));
            }
            return values(labels, scores, reading.loss());
        });
    }

    /** The accuracies of a batch by its logits, and behind them {@code loss}. */
    double[] values(Batch batch, float[] logits, double loss) {
        return values(batch.labels().clone(), logits, loss);
    }

    private double[] values(int[] labels, float[] logits, double loss) {
        double[] values = new double[loggedAccuracies.size() + 1];
        Scores scores = loggedAccuracies.isEmpty() ? null : new Scores(logits, session.classes(), labels);
        for (int a = 0; scores != null && a < loggedAccuracies.size(); a++) {
            int k = loggedAccuracies.get(a);
            long hits = IntStream.range(0, labels.length)
                    .filter(i -> scores.rank(i, scores.label(i)) < k)
                    .count();
            values[a] = hits * 100.0 / labels.length;
        }
        values[loggedAccuracies.size()] = loss;
        return values;
    }

    /** Puts accuracies and loss into the buffer, in mmcls's order. */
    void log(StepValues values, int count, LogBuffer buffer) {
        for (int a = 0; a < loggedAccuracies.size(); a++) {
            int place = a;
            buffer.update("top-" + loggedAccuracies.get(a), () -> values.get(place), count);
        }
        buffer.update("loss", values::loss, count);
    }
}
