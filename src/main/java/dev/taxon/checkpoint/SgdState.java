package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The state_dict of torch.optim.SGD: {@code {state: {i: {momentum_buffer}}, param_groups: […]}}. Index i is the place
 * of a parameter among those the optimizer was given: with mmcv all of the model's, in registration order. The
 * momentum buffers themselves are {@link Weights.Slot#OPTIM_0}.
 *
 * @param started names of the parameters that have a momentum buffer
 */
public record SgdState(List<Group> groups, Set<String> started) {
    /**
     * One param_group.
     *
     * @param initialLr the base that learning-rate schedules multiply
     * @param params indices, see {@link SgdState}
     */
    public record Group(
            double lr,
            double initialLr,
            double momentum,
            double dampening,
            double weightDecay,
            boolean nesterov,
            List<Integer> params) {
        public Group {
            params = List.copyOf(params);
        }
    }

    public SgdState {
        groups = List.copyOf(groups);
        started = Set.copyOf(started);
    }

    /**
     * Reads {@link Checkpoint#optimizer()} and copies the momentum buffers into {@code weights}.
     *
     * @throws UserError if it is another optimizer's state, or another model's
     */
    public static SgdState read(Map<?, ?> optimizer, Weights weights) {
        List<Long> ids = new ArrayList<>();
        List<Group> groups = new ArrayList<>();
        for (Object item : list(optimizer.get("param_groups"), "param_groups")) {
            Map<?, ?> group = map(item, "param_groups");
            int first = ids.size();
            list(group.get("params"), "params").forEach(id -> ids.add(id instanceof Long n ? n : -1L));
            groups.add(group(group, IntStream.range(first, ids.size()).boxed().toList()));
        }
        List<Parameter> parameters = parameters(weights.graph(), ids.size());
        Map<?, ?> state = map(optimizer.get("state"), "state");
        Map<Parameter, Tensor> buffers = new LinkedHashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            Object entry = state.get(ids.get(i));
            if (entry != null && map(entry, "state").get("momentum_buffer") instanceof Tensor buffer) {
                buffers.put(parameters.get(i), checked(parameters.get(i), buffer));
            } else if (entry != null && map(entry, "state").containsKey("exp_avg")) {
                throw new UserError("the checkpoint holds the state of Adam, and the config asks for SGD; resume with"
                        + " the optimizer it was trained with, or use load_from to take the weights alone");
            }
        }
        buffers.forEach((parameter, buffer) -> weights.write(
                Weights.Slot.OPTIM_0, parameter, buffer.toFloat32().data()));
        return new SgdState(groups, names(buffers.keySet()));
    }

    private static Set<String> names(Set<Parameter> parameters) {
        Set<String> names = new LinkedHashSet<>();
        parameters.forEach(parameter -> names.add(parameter.name()));
        return names;
    }

    private static Tensor checked(Parameter parameter, Tensor buffer) {
        if (!buffer.shape().equals(parameter.shape())) {
            throw UserError.of(
                    "the momentum of %s has shape %s in the checkpoint and %s in the model; resume with the config it"
                            + " was trained with",
                    parameter.name(), buffer.shape(), parameter.shape());
        }
        return buffer;
    }

    /** An optimizer is given all parameters (mmcv), or only the trainable ones (many scripts). */
    private static List<Parameter> parameters(Graph graph, int count) {
        List<Parameter> all = graph.parameters();
        List<Parameter> trainable = all.stream().filter(Parameter::trainable).toList();
        if (count == all.size()) {
            return all;
        }
        if (count == trainable.size()) {
            return trainable;
        }
        throw UserError.of(
                "the checkpoint's optimizer has %d parameters and the model has %d; resume with the config it was"
                        + " trained with, or use load_from to take the weights alone",
                count, all.size());
    }

    private static Group group(Map<?, ?> g, List<Integer> params) {
        double lr = real(g, "lr", Double.NaN);
        if (Double.isNaN(lr)) {
            throw new UserError("the checkpoint's optimizer has a param_group without lr; expected the state of SGD");
        }
        return new Group(
                lr,
                real(g, "initial_lr", lr),
                real(g, "momentum", 0),
                real(g, "dampening", 0),
                real(g, "weight_decay", 0),
                Boolean.TRUE.equals(g.get("nesterov")),
                params);
    }

    private static double real(Map<?, ?> group, String key, double absent) {
        return group.get(key) instanceof Number n ? n.doubleValue() : absent;
    }

    /**
     * As PyTorch's state_dict, momentum buffers copied from {@code weights}. Indices count all of the model's
     * parameters in registration order.
     *
     * @param arena where the copies live
     */
    public Map<Object, Object> toTree(Weights weights, Arena arena) {
        Map<Object, Object> state = new LinkedHashMap<>();
        List<Parameter> parameters = weights.graph().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (started.contains(parameter.name())) {
                MemorySegment data = arena.allocate(parameter.shape().numel() * Float.BYTES, Float.BYTES);
                weights.read(Weights.Slot.OPTIM_0, parameter, data);
                Map<Object, Object> entry = new LinkedHashMap<>();
                entry.put("momentum_buffer", new Tensor(DType.FLOAT32, parameter.shape(), data));
                state.put((long) i, entry);
            }
        }
        Map<Object, Object> tree = new LinkedHashMap<>();
        tree.put("state", state);
        tree.put("param_groups", groups.stream().map(SgdState::tree).toList());
        return tree;
    }

    private static Map<Object, Object> tree(Group group) {
        Map<Object, Object> tree = new LinkedHashMap<>();
        tree.put("lr", group.lr);
        tree.put("momentum", group.momentum);
        tree.put("dampening", group.dampening);
        tree.put("weight_decay", group.weightDecay);
        tree.put("nesterov", group.nesterov);
        tree.put("maximize", false);
        tree.put("foreach", null);
        tree.put("differentiable", false);
        tree.put("initial_lr", group.initialLr);
        tree.put("params", group.params.stream().map(Integer::longValue).toList());
        return tree;
    }

    private static List<?> list(@Nullable Object value, String what) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw UserError.of("the checkpoint's optimizer has no list '%s'; expected the state of SGD", what);
    }

    private static Map<?, ?> map(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw UserError.of("the checkpoint's optimizer has no dict '%s'; expected the state of SGD", what);
    }
}
