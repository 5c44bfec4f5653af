package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Method;
import dev.taxon.optim.StepState;
import dev.taxon.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads a torch optimizer's state_dict into weights; nothing is written before all of it is checked. */
final class OptimizerStateReader {
    private static final String CURE =
            "; resume with the config it was trained with, or use load_from to take the weights alone";

    private final Method method;
    private final Weights weights;
    private final Map<Parameter, List<Tensor>> tensors = new LinkedHashMap<>();
    private final Map<String, StepState> started = new LinkedHashMap<>();

    private OptimizerStateReader(Method method, Weights weights) {
        this.method = method;
        this.weights = weights;
    }

    static OptimizerState read(Map<?, ?> optimizer, Method method, Weights weights) {
        OptimizerStateReader reader = new OptimizerStateReader(method, weights);
        List<OptimizerState.Group> groups = reader.readAll(optimizer);
        reader.tensors.forEach((parameter, list) -> {
            for (int i = 0; i < list.size(); i++) {
                weights.write(
                        OptimizerState.slot(i),
                        parameter,
                        list.get(i).toFloat32().data());
            }
        });
        return new OptimizerState(groups, reader.started);
    }

    private List<OptimizerState.Group> readAll(Map<?, ?> optimizer) {
        List<Object> ids = new ArrayList<>();
        List<OptimizerState.Group> groups = new ArrayList<>();
        for (Object item : list(optimizer.get("param_groups"), "param_groups")) {
            Map<?, ?> dict = map(item, "param_groups");
            int first = ids.size();
            ids.addAll(list(dict.get("params"), "params"));
            groups.add(new OptimizerState.Group(
                    fields(dict), IntStream.range(first, ids.size()).boxed().toList()));
        }
        List<Parameter> parameters = parameters(weights.graph(), ids.size());
        Map<?, ?> state = map(optimizer.get("state"), "state");
        for (OptimizerState.Group group : groups) {
            for (int i : group.params()) {
                Object entry = state.get(ids.get(i));
                if (entry != null) {
                    parameter(parameters.get(i), map(entry, "state"), group);
                }
            }
        }
        return groups;
    }

    private Map<String, Object> fields(Map<?, ?> dict) {
        Map<String, Object> fields = new LinkedHashMap<>();
        dict.forEach((key, value) -> fields.put(String.valueOf(key), value));
        fields.remove("params");
        if (!(fields.get("lr") instanceof Number)) {
            throw UserError.of(
                    "the checkpoint's optimizer has a param_group without lr; expected the state of %s", method.name());
        }
        return fields;
    }

    private void parameter(Parameter parameter, Map<?, ?> entry, OptimizerState.Group group) {
        List<Tensor> found = new ArrayList<>();
        for (String name : method.slots()) {
            if (entry.get(name) instanceof Tensor tensor) {
                found.add(checked(parameter, tensor, name));
            }
        }
        List<String> theirs = entry.entrySet().stream()
                .filter(e -> e.getValue() instanceof Tensor && !Method.SCALARS.contains(String.valueOf(e.getKey())))
                .map(e -> String.valueOf(e.getKey()))
                .toList();
        if (found.isEmpty() && theirs.isEmpty()) {
            return; // no step taken, or an optimizer that remembers nothing
        }
        if (found.size() < method.slots().size()) {
            throw UserError.of(
                    "the checkpoint's optimizer remembers %s of each parameter, and %s of the config needs %s" + CURE,
                    theirs,
                    method.name(),
                    method.slots());
        }
        tensors.put(parameter, found);
        started.put(
                parameter.name(),
                new StepState(
                        (long) number(method.stepInGroup() ? group.fields().get("step") : entry.get("step"), 1),
                        (float) number(entry.get("mu_product"), 1),
                        (float) number(entry.get("eta"), 0),
                        (float) number(entry.get("mu"), 1)));
    }

    /** A number, or a tensor of one. */
    private static double number(@Nullable Object value, double absent) {
        return switch (value) {
            case null -> absent;
            case Number n -> n.doubleValue();
            case Tensor t when t.shape().numel() == 1 -> t.toDoubles()[0];
            default -> throw UserError.of("the checkpoint's optimizer has %s where a number is expected", value);
        };
    }

    private static Tensor checked(Parameter parameter, Tensor tensor, String name) {
        if (!tensor.shape().equals(parameter.shape())) {
            throw UserError.of(
                    "%s of %s has shape %s in the checkpoint and %s in the model" + CURE,
                    name,
                    parameter.name(),
                    tensor.shape(),
                    parameter.shape());
        }
        return tensor;
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
                "the checkpoint's optimizer has %d parameters and the model has %d" + CURE, count, all.size());
    }

    private List<?> list(@Nullable Object value, String what) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw UserError.of(
                "the checkpoint's optimizer has no list '%s'; expected the state of %s", what, method.name());
    }

    private Map<?, ?> map(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw UserError.of(
                "the checkpoint's optimizer has no dict '%s'; expected the state of %s", what, method.name());
    }
}
