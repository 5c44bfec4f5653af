package dev.taxon.train.hook;

import dev.taxon.UserError;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.StateDict;
import dev.taxon.config.Fields;
import dev.taxon.device.Weights;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.StateEntry;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Tensor;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Stage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an exponential moving average of all parameters, and between the end of an epoch and the start of the next puts it in their
 * place: evaluations and checkpoints of hooks that run later see the average. The state dict holds the other of the two under
 * {@code ema_backbone_conv1_weight}. Source: mmcv's EMAHook.
 */
public final class EmaHook implements Hook {
    private static final String PREFIX = "ema_";
    private static final String SWAPPED = "swapped";

    private final Options options;
    private final Map<Buffer, float[]> statistics = new LinkedHashMap<>(); // averages of running means and variances
    private boolean swapped; // the averages are in the parameters' place
    private boolean restored;

    /**
     * How far the average moves.
     *
     * @param momentum share of the present values, to the power of the interval
     * @param interval iterations between two moves
     * @param warmUp iterations in which the average moves further at first
     */
    public record Rule(double momentum, int interval, int warmUp) {
        /** Whether it moves after that iteration, counted from 0. */
        public boolean moves(long iteration) {
            return iteration % interval == 0;
        }

        /** Share of the present values in the average after that iteration: min(momentum^interval, (1 + t)/(warm_up + t)). */
        public double share(long iteration) {
            return Math.min(Math.pow(momentum, interval), (1.0 + iteration) / (warmUp + iteration));
        }
    }

    /**
     * What the config says.
     *
     * @param updateBuffers whether running means and variances are averaged, too; mmengine's name, mmcv's hook cannot
     * @param resumeFrom mmcv's way to say {@code resume_from}
     */
    private record Options(
            Priority priority,
            Rule rule,
            boolean updateBuffers,
            @Nullable String resumeFrom) {}

    private EmaHook(Options options) {
        this.options = options;
    }

    static EmaHook read(Fields f) {
        double momentum = f.real("momentum", 0.0002);
        if (!(momentum > 0 && momentum < 1)) {
            throw f.error("momentum", "must be between 0 and 1, got " + momentum);
        }
        int interval = f.integer("interval", 1);
        if (interval <= 0) {
            throw f.error("interval", "must be positive, got " + interval);
        }
        int warmUp = f.integer("warm_up", 100);
        if (warmUp < 1) {
            throw f.error("warm_up", "must be at least 1, got " + warmUp);
        }
        return new EmaHook(new Options(
                Priority.read(f, Priority.NORMAL),
                new Rule(momentum, interval, warmUp),
                f.bool("update_buffers", false),
                f.textOrNull("resume_from")));
    }

    /** The checkpoint to resume the run from, if the hook names one. */
    public @Nullable String resumeFrom() {
        return options.resumeFrom;
    }

    @Override
    public Priority priority() {
        return options.priority;
    }

    @Override
    public String name() {
        return "EMAHook";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.BEFORE_RUN, Stage.BEFORE_TRAIN_EPOCH, Stage.AFTER_TRAIN_ITER, Stage.AFTER_TRAIN_EPOCH);
    }

    @Override
    public void beforeRun(Runner runner) {
        if (restored) {
            return;
        }
        Weights weights = runner.session().weights();
        for (Parameter p : weights.graph().parameters()) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment value = arena.allocate(p.shape().numel() * Float.BYTES, Float.BYTES);
                weights.read(Slot.VALUE, p, value);
                weights.write(Slot.AVERAGE, p, value);
            }
        }
        averagedBuffers(weights).forEach(b -> statistics.put(b, read(weights, b)));
    }

    private List<Buffer> averagedBuffers(Weights weights) {
        return weights.graph().executionBuffers().stream()
                .filter(b -> options.updateBuffers)
                .filter(b -> b.role() == Buffer.Role.RUNNING_MEAN || b.role() == Buffer.Role.RUNNING_VAR)
                .toList();
    }

    private static float[] read(Weights weights, Buffer buffer) {
        float[] value = new float[Math.toIntExact(buffer.shape().numel())];
        weights.read(buffer, MemorySegment.ofArray(value));
        return value;
    }

    @Override
    public void afterTrainIter(Runner runner) {
        long step = runner.iter();
        if (!options.rule.moves(step)) {
            return;
        }
        double momentum = options.rule.share(step);
        Weights weights = runner.session().weights();
        weights.average(Slot.AVERAGE, momentum);
        statistics.forEach((buffer, average) -> {
            float[] now = read(weights, buffer);
            for (int i = 0; i < average.length; i++) {
                average[i] = Math.fma((float) momentum, now[i], average[i] * (float) (1 - momentum));
            }
        });
    }

    @Override
    public void afterTrainEpoch(Runner runner) {
        if (!swapped) {
            swap(runner);
        }
    }

    @Override
    public void beforeTrainEpoch(Runner runner) {
        if (swapped) {
            swap(runner);
        }
    }

    private void swap(Runner runner) {
        runner.checkpoints().hold();
        Weights weights = runner.session().weights();
        weights.exchange(Slot.AVERAGE);
        statistics.replaceAll((buffer, average) -> {
            float[] present = read(weights, buffer);
            weights.write(buffer, MemorySegment.ofArray(average));
            return present;
        });
        swapped = !swapped;
    }

    @Override
    public Map<String, Object> state() {
        return Map.of(SWAPPED, swapped);
    }

    /** In registration order, as PyTorch lists the buffers of the top module. */
    @Override
    public Map<String, Tensor> tensors(Runner runner, Arena arena) {
        Weights weights = runner.session().weights();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Parameter p : weights.graph().parameters()) {
            MemorySegment data = arena.allocate(p.shape().numel() * Float.BYTES, Float.BYTES);
            weights.read(Slot.AVERAGE, p, data);
            tensors.put(key(p), new Tensor(DType.FLOAT32, p.shape(), data));
        }
        statistics.forEach((buffer, average) -> tensors.put(key(buffer), Tensor.of(buffer.shape(), average.clone())));
        return tensors;
    }

    private static String key(StateEntry entry) {
        return PREFIX + entry.name().replace('.', '_');
    }

    /**
     * Takes both kinds of weights. mmcv drops its {@code ema_} names on resuming and goes on from the averages. Its checkpoints do
     * not say which of the two stands where: with this hook before the CheckpointHook, as its docs advise, the averages are
     * in the parameters' place at the end of an epoch.
     */
    @Override
    public void restore(Runner runner, Map<?, ?> state, Checkpoint checkpoint) {
        Weights weights = runner.session().weights();
        StateDict dict = checkpoint.stateDict();
        if (weights.graph().parameters().stream().noneMatch(p -> dict.find(key(p)) != null)) {
            runner.log().warning("the checkpoint has no averages of EMAHook: they start at its weights");
            return;
        }
        for (Parameter p : weights.graph().parameters()) {
            weights.write(
                    Slot.AVERAGE, p, tensor(dict, p, checkpoint).toFloat32().data());
        }
        for (Buffer b : averagedBuffers(weights)) {
            statistics.put(b, read(weights, b));
            Tensor average = dict.find(key(b));
            if (average != null) {
                statistics.put(b, tensor(dict, b, checkpoint).toFloats());
            }
        }
        restored = true;
        if (state.get(SWAPPED) instanceof Boolean known) {
            swapped = known;
        } else {
            swapped = runner.byEpoch() && priority().compareTo(Priority.NORMAL) < 0;
            runner.log()
                    .info("the checkpoint's %s are taken for the averages of EMAHook"
                            .formatted(swapped ? "weights" : "ema_ entries"));
        }
    }

    private static Tensor tensor(StateDict dict, StateEntry entry, Checkpoint checkpoint) {
        Tensor tensor = dict.find(key(entry));
        if (tensor == null || !tensor.shape().equals(entry.shape())) {
            throw UserError.of(
                    "%s has no %s of shape %s, which EMAHook needs; resume with the config it was trained with",
                    checkpoint.path(), key(entry), entry.shape());
        }
        return tensor;
    }
}
