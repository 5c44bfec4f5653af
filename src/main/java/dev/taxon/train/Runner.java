package dev.taxon.train;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.data.Batch;
import dev.taxon.data.Batches;
import dev.taxon.data.DataLoader;
import dev.taxon.data.Skipped;
import dev.taxon.dist.Communicator;
import dev.taxon.dist.ExchangeSpec;
import dev.taxon.optim.Moment;
import dev.taxon.report.Host;
import dev.taxon.report.RunLog;
import dev.taxon.train.hook.LoggerHook;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A training run under way: its iterations, and the hooks around them. Source: mmcv's BaseRunner. */
public abstract sealed class Runner permits EpochBasedRunner, IterBasedRunner {
    /**
     * What a run works with; all of it is borrowed.
     *
     * @param loader training batches
     * @param validation batches of the workflow's {@code val} phases; null without them
     * @param exchange how gradients travel between processes
     * @param loggedAccuracies the k of each top-k accuracy that is logged for every batch
     * @param meta what every checkpoint's {@code meta} begins with
     */
    public record Setup(
            RunnerSpec spec,
            Session session,
            DataLoader loader,
            @Nullable DataLoader validation,
            Optimization optimization,
            RunLog log,
            Path workDir,
            long seed,
            ExchangeSpec exchange,
            List<Integer> loggedAccuracies,
            Map<String, Object> meta) {}

    /** Which kind of phase is under way. */
    public enum Mode {
        TRAIN,
        VAL
    }

    protected final Setup setup;
    protected final Hooks hooks = new Hooks(this);
    private final PendingCheckpoints checkpoints;
    private final TrainStep step;
    private final RankAgreement ranks;

    private final Map<String, Object> messages = new LinkedHashMap<>();
    private LogBuffer buffer = new LogBuffer();
    private Map<?, ?> resumedBuffer = Map.of();
    private Mode mode = Mode.TRAIN;
    protected int epoch;
    protected int innerIter;
    protected long iter;
    private Position reached = Position.START;
    private int batchSize; // of the iteration under way, or of the last one
    private boolean stopping;
    private StepValues values =
            StepValues.of(Double.NaN); // of the iteration under way, or of the last one; of all ranks

    protected Runner(Setup setup, Supervision supervision) {
        this.setup = setup;
        checkpoints = new PendingCheckpoints(this);
        step = new TrainStep(setup.session, setup.seed, setup.loggedAccuracies);
        ranks = new RankAgreement(setup, supervision.cancelled());
    }

    public static Runner of(Setup setup, Supervision supervision) {
        return setup.spec.byEpoch()
                ? new EpochBasedRunner(setup, supervision)
                : new IterBasedRunner(setup, supervision);
    }

    public void add(Hook hook) {
        hooks.add(hook);
    }

    /** Goes on from there. */
    void resume(Position position, Map<?, ?> logBuffer) {
        epoch = position.epochs();
        innerIter = position.inner();
        iter = position.iters();
        reached = position;
        resumedBuffer = logBuffer;
    }

    void restoreHooks(Map<?, ?> states, Checkpoint checkpoint) {
        hooks.named()
                .forEach((name, hook) ->
                        hook.restore(this, states.get(name) instanceof Map<?, ?> state ? state : Map.of(), checkpoint));
    }

    /** Trains to the end, or until it is cancelled: then it returns false. */
    public boolean run() {
        RunLog log = setup.log;
        log.info("Start running, host: %s, work_dir: %s"
                .formatted(Host.userAtMachine(), setup.workDir.toAbsolutePath()));
        log.info("Hooks will be executed in the following order:\n" + hooks.order());
        log.info("workflow: %s, max: %d %s".formatted(setup.spec.workflowText(), setup.spec.max(), setup.spec.unit()));
        hooks.call(Hook::beforeRun);
        ranks.start(setup, itersPerEpoch());
        if (ended()) {
            log.warning("nothing to train: the checkpoint has %d %s and the config's runner goes to %d"
                    .formatted(setup.spec.byEpoch() ? epoch : iter, setup.spec.unit(), setup.spec.max()));
        }
        loop();
        values.all(); // what went wrong in the last iteration shows here
        setup.optimization.settle();
        hooks.call(Hook::afterRun);
        checkpoints.write();
        return !ranks.cancelled();
    }

    /** Whether all epochs or iterations are done. */
    protected abstract boolean ended();

    /** Runs phases until {@link #ended}, {@link #stopping} or {@link #cancelled}. */
    protected abstract void loop();

    /** Asks whether the run is cancelled; once it is, it stays so. Several ranks agree on it with the losses of an iteration. */
    protected final boolean cancelRequested() {
        return ranks.cancelRequested();
    }

    /** Whether to start another phase. */
    protected final boolean going() {
        return !cancelRequested() && !stopping;
    }

    /** Behind the hooks that begin a phase of training: what a resumed run had logged is there again. */
    protected final void restoreLogBuffer() {
        buffer.restore(resumedBuffer);
        resumedBuffer = Map.of();
    }

    protected final void train(Batch batch) {
        mode = Mode.TRAIN;
        batchSize = batch.count();
        hooks.call(Hook::beforeTrainIter);
        step.forward(batch, iter);
        StepValues before = values;
        StepValues own = step.read(batch);
        values = communicator().size() == 1 ? own : StepValues.of(ranks.means(own.all()));
        step.log(values, batch.count(), buffer);
        reached = new Position(epoch, innerIter + 1, iter + 1);
        hooks.call(Hook::afterTrainIter);
        checkpoints.write();
        buffer.keep(logWindow());
        before.all(); // one iteration late: a GPU has this one's kernels to go on with
        innerIter++;
        iter++;
    }

    /** Says which images of an epoch could not be read, if others took their places. */
    protected final void warnOfSkipped(Batches batches) {
        if (!batches.skipped().isEmpty()) {
            setup.log.ownWarning(Skipped.line(batches.skipped(), "others took their places"));
        }
    }

    /** Behind the last iteration of an epoch. */
    protected final void endEpoch() {
        innerIter = itersPerEpoch() - 1;
        reached = new Position(epoch + 1, 0, iter);
        hooks.call(Hook::afterTrainEpoch);
        checkpoints.write();
        epoch++;
        innerIter = 0;
    }

    protected final void startPhase(Mode phase) {
        mode = phase;
    }

    /** A phase of validation: losses of at most {@code batches} batches, whose means are logged. */
    protected final void validate(int number, int batches) {
        DataLoader validation = setup.validation;
        if (validation == null) {
            return;
        }
        LogBuffer training = buffer;
        int trainingIter = innerIter;
        buffer = new LogBuffer();
        mode = Mode.VAL;
        hooks.call(Hook::beforeValEpoch);
        try (ValidationLoss loss = new ValidationLoss(setup.session);
                Batches all = validation.iterator(number)) {
            for (innerIter = 0; innerIter < batches && all.hasNext() && !cancelRequested(); innerIter++) {
                Batch batch = all.next();
                hooks.call(Hook::beforeValIter);
                float[] logits = loss.logits(batch);
                double[] means = ranks.means(step.values(batch, logits, loss.of(batch, logits)));
                step.log(StepValues.of(means), batch.count(), buffer);
                hooks.call(Hook::afterValIter);
            }
        }
        innerIter--;
        if (!ranks.cancelled()) {
            hooks.call(Hook::afterValEpoch);
        }
        buffer = training;
        innerIter = trainingIter;
        mode = Mode.TRAIN;
    }

    /**
     * Forward passes over the training data in training mode, beside training: nothing is logged or learned, but running
     * statistics change.
     *
     * @param batches at most an epoch
     * @param each called behind each batch
     */
    public void measure(int batches, Runnable each) {
        int number = Integer.MAX_VALUE - epoch; // shuffled and augmented otherwise than an epoch
        try (Batches all = setup.loader.iterator(number)) {
            for (int i = 0; i < batches && all.hasNext(); i++) {
                step.forward(all.next(), number + ((long) i << Integer.SIZE));
                each.run();
            }
        }
    }

    /**
     * The backward pass of the present iteration: gradients of its batch.
     *
     * @param accumulate adds them to those that are there
     * @param complete no later iteration adds to them: they are averaged over all ranks, while the pass goes on
     */
    public void backward(boolean accumulate, boolean complete) {
        ranks.backward(step, accumulate, complete);
    }

    /** Tells the hooks what an evaluation gave. */
    public void evaluated(Map<String, Object> metrics) {
        hooks.call((hook, runner) -> hook.evaluated(runner, metrics));
    }

    /** Ends the run early: behind the present epoch, or with a runner by iterations behind the present one. */
    public void stop() {
        stopping = true;
    }

    /** Whether {@link #stop} was called. */
    public boolean stopping() {
        return stopping;
    }

    /** Whether the run's supervisor has ended it. */
    public boolean cancelled() {
        return ranks.cancelled();
    }

    /** Where the present iteration is in the run, for schedules; at the end of an epoch, its last one. */
    public Moment now() {
        long present = innerIter >= itersPerEpoch() ? iter - 1 : iter;
        return new Moment(epoch, maxEpochs(), present, maxIters(), itersPerEpoch());
    }

    /** How far the run has come; behind an iteration or an epoch, it is done. */
    public Position reached() {
        return reached;
    }

    /** The most iterations that one log line averages over. */
    int logWindow() {
        return hooks.list().stream()
                .mapToInt(h -> h instanceof LoggerHook logger ? logger.interval() : 1)
                .max()
                .orElse(1);
    }

    public List<Hook> hooks() {
        return hooks.list();
    }

    Map<String, Hook> namedHooks() {
        return hooks.named();
    }

    /** mmcv's {@code meta.hook_msgs}: what hooks leave in every checkpoint for others to read. */
    public Map<String, Object> messages() {
        return messages;
    }

    public Setup setup() {
        return setup;
    }

    public Session session() {
        return setup.session;
    }

    /** The processes of the run. */
    public Communicator communicator() {
        return setup.session.communicator();
    }

    /** Communication of gradients so far that no computation hid, in ns. */
    public long exposed() {
        return ranks.exposed();
    }

    public Optimization optimization() {
        return setup.optimization;
    }

    public RunLog log() {
        return setup.log;
    }

    public LogBuffer buffer() {
        return buffer;
    }

    public PendingCheckpoints checkpoints() {
        return checkpoints;
    }

    public Mode mode() {
        return mode;
    }

    /** The loss of the present iteration, or of the last one; of several ranks the mean. On a GPU it waits for the forward pass. */
    public double loss() {
        return values.loss();
    }

    /** The learning rate of the present iteration; after an epoch, of its last one, as in PyTorch's param_groups. */
    public double lr() {
        return setup.optimization.lr();
    }

    /** Samples in the batch of the present iteration. */
    public int batchSize() {
        return batchSize;
    }

    /** Whether the run counts epochs. */
    public boolean byEpoch() {
        return setup.spec.byEpoch();
    }

    /** Epochs done before the present one. */
    public int epoch() {
        return epoch;
    }

    /** Iterations done before the present one, since the start of training. */
    public long iter() {
        return iter;
    }

    /** Iterations done before the present one in this epoch; in a validation phase, in this phase. */
    public int innerIter() {
        return innerIter;
    }

    /** Batch size of the training data; the last batch of an epoch may be shorter. */
    public int samplesPerBatch() {
        return setup.loader.count(0);
    }

    public int itersPerEpoch() {
        return setup.loader.batches();
    }

    /** Epochs of the whole run, the last one perhaps not to its end. */
    public abstract int maxEpochs();

    public abstract long maxIters();
}
