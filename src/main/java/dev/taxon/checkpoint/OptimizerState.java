package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.checkpoint.pickle.Tuple;
import dev.taxon.device.Weights;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Betas;
import dev.taxon.optim.Method;
import dev.taxon.optim.StepState;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state_dict of a torch optimizer: {@code {state: {i: {…}}, param_groups: […]}}. Index i is the place of a parameter
 * among those the optimizer was given: with mmcv all of the model's, in registration order. The tensors of the state
 * are {@link Weights.Slot#OPTIM_0} and those behind it, in the order of {@link Method#slots}.
 *
 * @param started what is remembered of each parameter that has taken a step, by its name
 */
public record OptimizerState(List<Group> groups, Map<String, StepState> started) {
    /**
     * One param_group.
     *
     * @param fields PyTorch's, without params; {@code initial_lr} is the base that schedules multiply
     * @param params indices, see {@link OptimizerState}
     */
    public record Group(Map<String, Object> fields, List<Integer> params) {
        public Group {
            fields = new LinkedHashMap<>(fields); // keeps the order, and None
            params = List.copyOf(params);
        }
    }

    public OptimizerState {
        groups = List.copyOf(groups);
        started = Map.copyOf(started);
    }

    /**
     * Reads {@link Checkpoint#optimizer()} and copies its tensors into {@code weights}.
     *
     * @throws UserError if it is another optimizer's state, or another model's
     */
    public static OptimizerState read(Map<?, ?> optimizer, Method method, Weights weights) {
        return OptimizerStateReader.read(optimizer, method, weights);
    }

    /**
     * As PyTorch's state_dict, tensors copied from {@code weights}.
     *
     * @param arena where the copies live
     */
    public Map<Object, Object> toTree(Method method, Weights weights, Arena arena) {
        Map<Object, Object> state = new LinkedHashMap<>();
        List<Parameter> parameters = weights.graph().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            StepState step = started.get(parameters.get(i).name());
            if (step != null) {
                state.put((long) i, entry(method, step, parameters.get(i), weights, arena));
            }
        }
        Map<Object, Object> tree = new LinkedHashMap<>();
        tree.put("state", state);
        List<Object> dicts = new ArrayList<>();
        for (Group group : groups) {
            dicts.add(tree(group, method, parameters));
        }
        tree.put("param_groups", dicts);
        return tree;
    }

    private static Map<Object, Object> entry(
            Method method, StepState step, Parameter parameter, Weights weights, Arena arena) {
        Map<Object, Object> entry = new LinkedHashMap<>();
        int slot = 0;
        for (String name : method.state()) {
            entry.put(
                    name,
                    switch (name) {
                        case "step" -> method.wholeSteps() ? (Object) step.step() : scalar((float) step.step());
                        case "mu_product" -> scalar(step.muProduct());
                        case "eta" -> scalar(step.eta());
                        case "mu" -> scalar(step.mu());
                        default -> {
                            MemorySegment data =
                                    arena.allocate(parameter.shape().numel() * Float.BYTES, Float.BYTES);
                            weights.read(slot(slot++), parameter, data);
                            yield new Tensor(DType.FLOAT32, parameter.shape(), data);
                        }
                    });
        }
        return entry;
    }

    private static Tensor scalar(float value) {
        return Tensor.of(Shape.SCALAR, value);
    }

    /** The region of the i-th tensor of a parameter's state. */
    static Weights.Slot slot(int i) {
        return List.of(Weights.Slot.OPTIM_0, Weights.Slot.OPTIM_1, Weights.Slot.OPTIM_2)
                .get(i);
    }

    private Map<Object, Object> tree(Group group, Method method, List<Parameter> parameters) {
        Map<Object, Object> tree = new LinkedHashMap<>();
        group.fields.forEach((key, value) -> tree.put(key, pythons(value)));
        if (method.stepInGroup()) {
            group.params.stream()
                    .map(i -> started.get(parameters.get(i).name()))
                    .filter(s -> s != null)
                    .findFirst()
                    .ifPresent(s -> tree.put("step", s.step()));
        }
        tree.put("params", group.params.stream().map(Integer::longValue).toList());
        return tree;
    }

    private static @Nullable Object pythons(@Nullable Object value) {
        return value instanceof Betas betas ? new Tuple(List.of(betas.first(), betas.second())) : value;
    }
}
