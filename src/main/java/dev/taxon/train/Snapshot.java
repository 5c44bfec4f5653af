package dev.taxon.train;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.StateDict;
import dev.taxon.checkpoint.pickle.OrderedDict;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Copies of a run's weights and optimizer state at one moment, on their way to a file. */
final class Snapshot implements AutoCloseable {
    /** As Python's time.asctime. */
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    private static final String MMCV_VERSION = "1.7.2"; // whose files these are like

    private final Runner runner;
    private final Arena arena = Arena.ofShared();
    private final Map<String, Object> tree = new LinkedHashMap<>();
    private final Map<String, Object> taxon = new LinkedHashMap<>();
    private final Map<String, Object> hooks = new LinkedHashMap<>(); // of those that have tensors

    /** @param optimizer whether to keep the optimizer's state: a checkpoint without it cannot be resumed exactly */
    Snapshot(Runner runner, boolean optimizer) {
        this.runner = runner;
        Session session = runner.session();
        Optimization optimization = runner.optimization();
        tree.put("meta", Map.of());
        tree.put("state_dict", stateDict());
        if (optimizer) {
            tree.put("optimizer", optimization.state().toTree(optimization.method(), session.weights(), arena));
            boolean alone = runner.communicator().size() == 1;
            PendingGradients.save(optimization, session.weights(), alone, taxon, arena);
        }
    }

    /** Hooks' tensors come first, as those of PyTorch's top module do. */
    private OrderedDict stateDict() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        runner.namedHooks().forEach((name, hook) -> {
            Map<String, Tensor> own = hook.tensors(runner, arena);
            if (!own.isEmpty()) {
                tensors.putAll(own);
                hooks.put(name, hook.state());
            }
        });
        tensors.putAll(StateDict.of(runner.session().weights(), arena).tensors());
        return new StateDict(tensors).toTree();
    }

    /** Writes the file, with progress and hooks as they are now. Files appear whole or not at all. */
    void write(Path file) {
        Map<String, Object> states = new LinkedHashMap<>();
        runner.namedHooks().forEach((name, hook) -> {
            Map<String, Object> state = hook.state();
            if (!state.isEmpty()) {
                states.put(name, state);
            }
        });
        states.putAll(hooks);
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("format", Checkpoint.TAXON_FORMAT);
        own.put("seed", runner.setup().seed());
        own.put("position", position());
        own.put("hooks", states);
        own.put("log_buffer", runner.buffer().state(runner.logWindow()));
        own.putAll(taxon);
        tree.put("meta", meta());
        tree.put("taxon", own);
        Checkpoint.write(file, tree);
    }

    private Map<String, Object> position() {
        Position reached = runner.reached();
        Map<String, Object> position = new LinkedHashMap<>();
        position.put("epochs", reached.epochs());
        position.put("inner", reached.inner());
        position.put("iters", reached.iters());
        position.put("iters_per_epoch", runner.itersPerEpoch());
        position.put("ranks", runner.communicator().size());
        position.put("samples_per_rank", runner.samplesPerBatch());
        return position;
    }

    private Map<String, Object> meta() {
        Map<String, Object> meta = new LinkedHashMap<>(runner.setup().meta());
        Map<String, Object> lossScaler = runner.optimization().lossScalerState();
        if (lossScaler != null) {
            Map<String, Object> fp16 = new LinkedHashMap<>();
            fp16.put("loss_scaler", lossScaler);
            meta.put("fp16", fp16);
        }
        meta.put("hook_msgs", new LinkedHashMap<>(runner.messages()));
        meta.put("epoch", runner.reached().epochs());
        meta.put("iter", runner.reached().iters());
        meta.put("mmcv_version", MMCV_VERSION);
        meta.put("time", ZonedDateTime.now(ZoneId.systemDefault()).format(ASCTIME));
        return meta;
    }

    @Override
    public void close() {
        arena.close();
    }
}
