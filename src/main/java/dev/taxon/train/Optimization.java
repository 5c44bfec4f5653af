package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.checkpoint.OptimizerState;
import dev.taxon.device.LossScale;
import dev.taxon.device.RegionTable.Slice;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Betas;
import dev.taxon.optim.GroupValues;
import dev.taxon.optim.Method;
import dev.taxon.optim.Moment;
import dev.taxon.optim.Optimizer;
import dev.taxon.optim.ParamGroup;
import dev.taxon.optim.Schedule;
import dev.taxon.optim.StepState;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import dev.taxon.report.RunLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An optimizer at work on weights: its groups with the values of the present iteration, and what it remembers. */
public final class Optimization {
    private final Method method;
    private final Schedule lr;
    private final @Nullable Schedule momentum;
    private final Weights weights;
    private final List<ParamGroup> groups;
    private final GroupValues[] values; // by group
    private final Parameter[] parameters; // in execution order
    private final int[] groupOf; // by parameter
    private final @Nullable StepState[] states; // by parameter; null before its first step
    private boolean pending;
    private @Nullable LossScaling scaling;
    private @Nullable StepState[] before; // the last step, which may turn out to have been skipped
    private long iter;

    /** Borrows the weights. */
    public Optimization(Optimizer optimizer, Schedule lr, @Nullable Schedule momentum, Weights weights) {
        method = optimizer.method();
        this.lr = lr;
        this.momentum = momentum;
        this.weights = weights;
        if (momentum != null && Double.isNaN(method.momentum())) {
            throw UserError.of(
                    "momentum_config: the optimizer %s has neither momentum nor betas; leave momentum_config out",
                    method.name());
        }
        Graph graph = weights.graph();
        groups = ParamGroup.of(graph, optimizer);
        values = new GroupValues[groups.size()];
        for (int i = 0; i < values.length; i++) {
            ParamGroup g = groups.get(i);
            values[i] = new GroupValues(lr.base(g.lr()), method.momentum(), g.weightDecay(), Double.NaN);
        }
        parameters = graph.executionParameters().toArray(Parameter[]::new);
        states = new StepState[parameters.length];
        before = states.clone();
        groupOf = groupOf(graph, groups);
    }

    private static int[] groupOf(Graph graph, List<ParamGroup> groups) {
        Map<String, Integer> byName = new LinkedHashMap<>();
        List<Parameter> registered = graph.parameters();
        for (int g = 0; g < groups.size(); g++) {
            for (int i : groups.get(g).params()) {
                byName.put(registered.get(i).name(), g);
            }
        }
        return graph.executionParameters().stream()
                .mapToInt(p -> byName.getOrDefault(p.name(), 0))
                .toArray();
    }

    public Method method() {
        return method;
    }

    /** Sets the rates to those of an iteration. */
    public void rates(Moment now) {
        iter = now.iter();
        for (int i = 0; i < values.length; i++) {
            double rate = lr.value(lr.base(groups.get(i).lr()), now);
            values[i] = new GroupValues(rate, values[i].momentum(), values[i].weightDecay(), Double.NaN);
        }
    }

    /** Sets the momenta to those of an iteration, if there is a schedule for them. */
    public void momenta(Moment now) {
        if (momentum == null) {
            return;
        }
        double value = momentum.value(momentum.base(method.momentum()), now);
        for (int i = 0; i < values.length; i++) {
            values[i] = new GroupValues(values[i].lr(), value, values[i].weightDecay(), Double.NaN);
        }
    }

    /** Sets rates and momenta to those of an iteration. */
    public void begin(Moment now) {
        rates(now);
        momenta(now);
    }

    /** The learning rate of the present iteration, of the first group: what logs show. */
    public double lr() {
        return values[0].lr();
    }

    /** The momentum, or the first of the betas, of the present iteration; 0 for an optimizer without. As mmcv logs it. */
    public double momentum() {
        return Double.isNaN(values[0].momentum()) ? 0 : values[0].momentum();
    }

    /** Whether gradients of earlier iterations wait for those of later ones, to make one step together. */
    public boolean pending() {
        return pending;
    }

    public void pending(boolean value) {
        pending = value;
    }

    /** Scales losses from now on, before any program is compiled; steps that overflow are skipped, and logged. */
    public void scaleLosses(LossScale from, RunLog log) {
        scaling = new LossScaling(weights.scaleLosses(from), from, log);
    }

    /** Divides the gradients by what the loss was scaled by: behind the backward passes of a step, before clipping. */
    public void unscale() {
        if (scaling != null) {
            scaling.unscale();
        }
    }

    /** Waits for what came of the last step, where losses are scaled: one that was skipped does not count. */
    public void settle() {
        if (scaling != null && scaling.skipped()) {
            System.arraycopy(before, 0, states, 0, states.length);
        }
    }

    /** GradScaler's state_dict; null where losses are not scaled. */
    @Nullable
    Map<String, Object> lossScalerState() {
        settle();
        return scaling == null ? null : scaling.state();
    }

    void restoreLossScaler(@Nullable Object state) {
        if (scaling != null) {
            scaling.restore(state);
        }
    }

    /** Takes a step along the gradients. */
    public void step() {
        settle();
        GroupValues[] now = values;
        if (method.usesGradientNorm()) {
            double norm = weights.gradientNorm(2);
            now = Arrays.stream(values)
                    .map(v -> new GroupValues(v.lr(), v.momentum(), v.weightDecay(), norm))
                    .toArray(GroupValues[]::new);
        }
        if (scaling != null) {
            before = states.clone();
        }
        weights.update(updates(now));
        if (scaling != null) {
            scaling.finish(iter);
        }
    }

    /** One update for each run of neighbouring trainable parameters with equal rules. */
    private List<Update> updates(GroupValues[] now) {
        List<Update> updates = new ArrayList<>();
        boolean open = false; // the parameter before can be joined
        for (int i = 0; i < parameters.length; i++) {
            if (!parameters[i].trainable()) {
                open = false;
                continue;
            }
            GroupValues v = now[groupOf[i]];
            StepState before = states[i] == null ? method.initial(v) : states[i];
            UpdateRule rule = method.rule(v, before);
            states[i] = method.after(v, before);
            Slice slice = weights.table().slice(parameters[i]);
            if (open && updates.getLast().rule().equals(rule)) {
                Update last = updates.removeLast();
                updates.add(new Update(last.offset(), slice.offset() + slice.length() - last.offset(), rule));
            } else {
                updates.add(new Update(slice.offset(), slice.length(), rule));
            }
            open = !method.alone();
        }
        return updates;
    }

    /** For a checkpoint; rates are those of the present iteration, as in PyTorch's param_groups after an epoch. */
    public OptimizerState state() {
        settle();
        List<OptimizerState.Group> dicts = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            dicts.add(new OptimizerState.Group(
                    fields(groups.get(i), values[i]), groups.get(i).params()));
        }
        Map<String, StepState> started = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i++) {
            StepState state = states[i];
            if (state != null && state.step() > 0) {
                started.put(parameters[i].name(), state);
            }
        }
        return new OptimizerState(dicts, started);
    }

    private Map<String, Object> fields(ParamGroup group, GroupValues now) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (group.ownLr()) {
            fields.put("lr", now.lr()); // given before the defaults, so first
        }
        if (group.ownDecay()) {
            fields.put("weight_decay", group.weightDecay());
        }
        method.fields().forEach(fields::putIfAbsent);
        fields.put("lr", now.lr());
        fields.put("initial_lr", lr.base(group.lr()));
        if (momentum != null) {
            if (fields.get("betas") instanceof Betas betas) {
                fields.put("betas", new Betas(now.momentum(), betas.second()));
            } else {
                fields.put("momentum", now.momentum());
            }
            fields.put("initial_momentum", method.momentum());
        }
        return fields;
    }

    /** Goes on from a checkpoint's state, whose tensors are in the weights already. */
    public void restore(OptimizerState state) {
        for (int i = 0; i < parameters.length; i++) {
            states[i] = state.started().get(parameters[i].name());
        }
    }
}
