package dev.taxon.train;

import dev.taxon.data.Batch;
import dev.taxon.data.Batches;
import dev.taxon.data.DataLoader;
import dev.taxon.data.Skipped;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.metric.Scores;
import dev.taxon.optim.Moment;
import dev.taxon.report.RunLog;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Trains by epochs and calls its hooks around each iteration. Source: mmcv's EpochBasedRunner. */
public final class Runner {
    private final Session session;
    private final DataLoader loader;
    private final Optimization optimization;
    private final RunLog log;
    private final int maxEpochs;
    private final long seed;
    private final List<Integer> loggedAccuracies;
    private final BooleanSupplier cancelled;
    private final List<Hook> hooks = new ArrayList<>();
    private final LogBuffer buffer = new LogBuffer();

    private int epoch;
    private int innerIter;
    private long iter;
    private int batchSize; // of the iteration under way, or of the last one
    private @Nullable Program program;

    /**
     * Borrows all of its arguments.
     *
     * @param loggedAccuracies the k of each top-k accuracy that is logged for every training batch
     * @param supervision its hooks are added, and it is asked before each iteration whether to stop
     */
    public Runner(
            Session session,
            DataLoader loader,
            Optimization optimization,
            RunLog log,
            int maxEpochs,
            long seed,
            List<Integer> loggedAccuracies,
            Supervision supervision) {
        this.session = session;
        this.loader = loader;
        this.optimization = optimization;
        this.log = log;
        this.maxEpochs = maxEpochs;
        this.seed = seed;
        this.loggedAccuracies = List.copyOf(loggedAccuracies);
        cancelled = supervision.cancelled();
        supervision.hooks().forEach(this::add);
    }

    public void add(Hook hook) {
        hooks.add(hook);
        hooks.sort(Comparator.comparing(Hook::priority));
    }

    /** Goes on after {@code epochs} epochs and {@code iters} iterations. */
    public void resume(int epochs, long iters) {
        epoch = epochs;
        iter = iters;
    }

    /** Trains to the end, or until it is cancelled: then it returns false. */
    public boolean run() {
        hooks.forEach(h -> h.beforeRun(this));
        if (epoch >= maxEpochs) {
            log.warning("nothing to train: the checkpoint has %d epochs and runner.max_epochs is %d"
                    .formatted(epoch, maxEpochs));
        }
        boolean going = true;
        while (going && epoch < maxEpochs) {
            going = trainEpoch();
            epoch += going ? 1 : 0;
        }
        hooks.forEach(h -> h.afterRun(this));
        return going;
    }

    private boolean trainEpoch() {
        innerIter = 0;
        hooks.forEach(h -> h.beforeTrainEpoch(this));
        long idle = System.nanoTime();
        try (Batches batches = loader.iterator(epoch)) {
            while (batches.hasNext()) {
                if (cancelled.getAsBoolean()) {
                    return false;
                }
                Batch batch = batches.next();
                buffer.update("data_time", secondsSince(idle), 1);
                optimization.begin(new Moment(epoch, maxEpochs, iter, maxIters(), itersPerEpoch()));
                batchSize = batch.count();
                hooks.forEach(h -> h.beforeTrainIter(this));
                forward(batch);
                hooks.forEach(h -> h.afterTrainIter(this));
                idle = System.nanoTime();
                innerIter++;
                iter++;
            }
            if (!batches.skipped().isEmpty()) {
                log.warning(Skipped.line(batches.skipped(), "others took their places"));
            }
        }
        innerIter = itersPerEpoch() - 1;
        hooks.forEach(h -> h.afterTrainEpoch(this));
        return true;
    }

    /**
     * Forward passes over the training data in training mode, beside training: nothing is logged or learned, but running
     * statistics change.
     *
     * @param batches at most an epoch
     * @param each called behind each batch
     */
    public void measure(int batches, Runnable each) {
        try (Batches all =
                loader.iterator(Integer.MAX_VALUE - epoch)) { // shuffled and augmented otherwise than an epoch
            for (int i = 0; i < batches && all.hasNext(); i++) {
                forward(all.next(), Integer.MAX_VALUE - epoch + ((long) i << Integer.SIZE));
                each.run();
            }
        }
    }

    private Program forward(Batch batch, long step) {
        Program p = session.program(Options.train(batch.count()));
        p.writeInput(batch.data());
        if (batch.targets() == null) {
            p.writeTargets(batch.labels());
        } else {
            p.writeTargets(batch.targets());
        }
        p.forward(new Program.Draw(seed, step));
        return p;
    }

    private void forward(Batch batch) {
        Program p = forward(batch, iter);
        program = p;
        if (!loggedAccuracies.isEmpty()) {
            int classes = session.graph().output().shape().size(0);
            float[] logits = new float[batch.count() * classes];
            p.readOutput(MemorySegment.ofArray(logits));
            Scores scores = new Scores(logits, classes, batch.labels().clone());
            for (int k : loggedAccuracies) {
                long hits = IntStream.range(0, batch.count())
                        .filter(i -> scores.rank(i, scores.label(i)) < k)
                        .count();
                buffer.update("top-" + k, hits * 100.0 / batch.count(), batch.count());
            }
        }
        buffer.update("loss", p.loss(), batch.count());
    }

    /**
     * The backward pass of the present iteration: gradients of its batch.
     *
     * @param accumulate adds them to those that are there
     */
    public void backward(boolean accumulate) {
        if (program == null) {
            throw new IllegalStateException("backward before forward");
        }
        program.backward(accumulate, Program.GradientListener.NONE);
    }

    /** Tells the hooks what an evaluation gave. */
    public void evaluated(Map<String, Object> metrics) {
        hooks.forEach(h -> h.evaluated(this, metrics));
    }

    /** The loss of the present iteration, or of the last one. */
    public double loss() {
        return program == null ? Double.NaN : program.loss();
    }

    /** The learning rate of the present iteration; after an epoch, of its last one, as in PyTorch's param_groups. */
    public double lr() {
        return optimization.lr();
    }

    /** Samples in the batch of the present iteration. */
    public int batchSize() {
        return batchSize;
    }

    public Session session() {
        return session;
    }

    public Optimization optimization() {
        return optimization;
    }

    public RunLog log() {
        return log;
    }

    public LogBuffer buffer() {
        return buffer;
    }

    public long seed() {
        return seed;
    }

    /** Epochs done before the present one. */
    public int epoch() {
        return epoch;
    }

    public int maxEpochs() {
        return maxEpochs;
    }

    /** Iterations done before the present one, since the start of training. */
    public long iter() {
        return iter;
    }

    /** Iterations done before the present one in this epoch. */
    public int innerIter() {
        return innerIter;
    }

    /** Batch size of the training data; the last batch of an epoch may be shorter. */
    public int samplesPerBatch() {
        return loader.count(0);
    }

    public int itersPerEpoch() {
        return loader.batches();
    }

    public long maxIters() {
        return (long) maxEpochs * itersPerEpoch();
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
