package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.checkpoint.LoadReport.WrongShape;
import dev.taxon.device.Weights;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.StateEntry;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts a state dict into a model by name, as strictly as mmcv does. */
public final class Loading {
    private static final Map<String, KeyMap> KNOWN = Map.of(
            "names of akamaster's CIFAR ResNets: linear is head.fc, the rest is the backbone", KeyMap.RESNET_CIFAR_A,
            "names of torchvision's ResNets: fc is head.fc, the rest is the backbone", KeyMap.TORCHVISION);

    private Loading() {}

    /**
     * Loads what fits: same name, same shape; other dtypes are rounded to float32. Strips {@code module.}, and
     * translates the names of {@link KeyMap#RESNET_CIFAR_A} and {@link KeyMap#TORCHVISION} when all of the model's
     * entries are there under them.
     *
     * @param strict throw unless {@link LoadReport#isExact}, before anything is loaded
     * @throws UserError when strict and not exact, with {@link LoadReport#text}
     */
    public static LoadReport into(Weights weights, StateDict dict, boolean strict) {
        Graph graph = weights.graph();
        StateDict renamed = KeyMap.DEFAULT.rename(dict);
        String note = "";
        if (!required(graph).stream().allMatch(renamed.names()::contains)) {
            for (Map.Entry<String, KeyMap> known : KNOWN.entrySet()) {
                if (known.getValue().rename(dict.names()).containsAll(required(graph))) {
                    renamed = known.getValue().rename(dict);
                    note = known.getKey();
                }
            }
        }
        LoadReport report = compare(graph, renamed, note);
        if (strict && !report.isExact()) {
            throw new UserError(report.text());
        }
        Set<String> matched = Set.copyOf(report.matched());
        for (StateEntry entry : graph.state()) {
            Tensor tensor = renamed.find(entry.name());
            if (tensor != null && matched.contains(entry.name())) {
                write(weights, entry, tensor);
            }
        }
        return report;
    }

    /** Names that a checkpoint must have: all but batch norm's counters, which PyTorch 0.3 did not have. */
    private static Set<String> required(Graph graph) {
        return graph.state().stream()
                .filter(entry -> !isCounter(entry))
                .map(StateEntry::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static LoadReport compare(Graph graph, StateDict dict, String note) {
        List<String> matched = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<WrongShape> wrongShape = new ArrayList<>();
        for (StateEntry entry : graph.state()) {
            Tensor tensor = dict.find(entry.name());
            if (tensor == null) {
                if (!isCounter(entry)) {
                    missing.add(entry.name());
                }
            } else if (fits(entry.shape(), tensor.shape())) {
                matched.add(entry.name());
            } else {
                wrongShape.add(new WrongShape(entry.name(), tensor.shape(), entry.shape()));
            }
        }
        Set<String> unexpected = new LinkedHashSet<>(dict.names());
        graph.state().forEach(entry -> unexpected.remove(entry.name()));
        String hint = missing.isEmpty() || unexpected.isEmpty() ? "" : hint(required(graph), dict.names());
        return new LoadReport(
                matched,
                missing,
                List.copyOf(unexpected),
                wrongShape,
                graph.state().size(),
                note,
                hint);
    }

    /** PyTorch takes a tensor of one element for a scalar: version 0.3 had no scalars. */
    private static boolean fits(Shape model, Shape checkpoint) {
        return model.equals(checkpoint) || (model.rank() == 0 && checkpoint.equals(Shape.of(1)));
    }

    private static boolean isCounter(StateEntry entry) {
        return entry instanceof Buffer buffer && buffer.role() == Buffer.Role.NUM_BATCHES_TRACKED;
    }

    /** The prefix that, put before all names or taken from them, makes the most of them match. */
    private static String hint(Set<String> model, Set<String> checkpoint) {
        Map<String, Integer> added = new HashMap<>();
        Map<String, Integer> stripped = new HashMap<>();
        count(model, checkpoint, added);
        count(checkpoint, model, stripped);
        Set<String> common = new HashSet<>(model);
        common.retainAll(checkpoint);
        int best = common.size();
        String hint = "";
        for (Map.Entry<String, Integer> prefix : added.entrySet()) {
            if (prefix.getValue() > best) {
                best = prefix.getValue();
                hint = best + " names would match with '" + prefix.getKey() + "' put before those of the checkpoint";
            }
        }
        for (Map.Entry<String, Integer> prefix : stripped.entrySet()) {
            if (prefix.getValue() > best) {
                best = prefix.getValue();
                hint = best + " names would match without '" + prefix.getKey() + "' before those of the checkpoint";
            }
        }
        return hint;
    }

    /** For each prefix P, how many of {@code longer} are P and a name of {@code shorter}. */
    private static void count(Set<String> longer, Set<String> shorter, Map<String, Integer> prefixes) {
        for (String name : longer) {
            for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                if (shorter.contains(name.substring(dot + 1))) {
                    prefixes.merge(name.substring(0, dot + 1), 1, Integer::sum);
                }
            }
        }
    }

    private static void write(Weights weights, StateEntry entry, Tensor tensor) {
        switch (entry) {
            case Parameter parameter ->
                weights.write(Weights.Slot.VALUE, parameter, tensor.toFloat32().data());
            case Buffer buffer -> {
                if (isCounter(buffer)) {
                    weights.setCounter(buffer, (long) tensor.toDoubles()[0]);
                } else {
                    weights.write(buffer, tensor.toFloat32().data());
                }
            }
        }
    }
}
