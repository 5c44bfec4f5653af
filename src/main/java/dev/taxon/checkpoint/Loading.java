package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.checkpoint.LoadReport.WrongShape;
import dev.taxon.device.Weights;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.StateEntry;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Puts a state dict into a model by name, as strictly as mmcv does. */
public final class Loading {
    private static final int CHUNK = 1 << 18; // elements that are rounded to float32 at a time
    private static final String HEAD = "head.";

    private Loading() {}

    /**
     * Loads what fits: same name, same shape; other dtypes are rounded to float32. Names are stripped of {@code module.};
     * those of torchvision, timm and akamaster, and those of a bare backbone, are translated where that makes more of them
     * match. Position embeddings of another image size are resized.
     *
     * @param strict throw unless {@link LoadReport#isExact}, before anything is loaded
     * @throws UserError when strict and not exact, with {@link LoadReport#text}
     */
    public static LoadReport into(Weights weights, StateDict dict, boolean strict) {
        return load(weights, dict, entry -> true, false, strict);
    }

    /** As {@link #into} without strictness, but the model's head stays as it is: for another set of classes. */
    public static LoadReport withoutHead(Weights weights, StateDict dict) {
        return load(weights, dict, entry -> true, true, false);
    }

    /**
     * Loads one module from a state dict of its own: mmcv's {@code init_cfg=dict(type='Pretrained')} of a backbone. The names
     * may be the module's ({@code conv1.weight}), a whole classifier's ({@code backbone.conv1.weight}) or a foreign family's.
     *
     * @param module such as {@code backbone}
     */
    public static LoadReport module(Weights weights, StateDict dict, String module) {
        String prefix = module + ".";
        StateDict plain = KeyMap.DEFAULT.rename(dict);
        boolean whole = plain.names().stream().anyMatch(name -> name.startsWith(prefix));
        Set<String> wanted = required(weights.graph(), entry -> entry.name().startsWith(prefix));
        StateDict within = plain.within(prefix);
        boolean own = within.names().stream().anyMatch(wanted::contains);
        return load(
                weights, own && !whole ? within : plain, entry -> entry.name().startsWith(prefix), false, false);
    }

    private static LoadReport load(
            Weights weights, StateDict dict, Predicate<StateEntry> part, boolean skipHead, boolean strict) {
        Graph graph = weights.graph();
        Set<String> head = head(graph);
        List<StateEntry> entries = graph.state().stream()
                .filter(part)
                .filter(entry -> !skipHead || !head.contains(entry.name()))
                .toList();
        Naming naming = PositionEmbeddings.resized(Naming.best(dict, required(graph, part)), graph);
        LoadReport report = compare(graph, entries, naming, head, skipHead);
        if (strict && !report.isExact()) {
            throw new UserError(report.text());
        }
        Set<String> matched = Set.copyOf(report.matched());
        for (StateEntry entry : entries) {
            Tensor tensor = naming.dict().find(entry.name());
            if (tensor != null && matched.contains(entry.name())) {
                write(weights, entry, tensor);
            }
        }
        return report;
    }

    /** Names that a checkpoint must have: all but batch norm's counters, which PyTorch 0.3 did not have. */
    private static Set<String> required(Graph graph, Predicate<StateEntry> part) {
        return graph.state().stream()
                .filter(part)
                .filter(entry -> !isCounter(entry))
                .map(StateEntry::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What depends on the number of classes: the head's entries, or those of the last linear layer of a backbone with classes. */
    private static Set<String> head(Graph graph) {
        Set<String> head = graph.state().stream()
                .map(StateEntry::name)
                .filter(name -> name.startsWith(HEAD))
                .collect(Collectors.toSet());
        Node last = graph.output();
        while (head.isEmpty()
                && !(last.layer() instanceof Layer.Linear)
                && !last.inputs().isEmpty()) {
            last = last.input();
        }
        return head.isEmpty() ? last.parameters().stream().map(Parameter::name).collect(Collectors.toSet()) : head;
    }

    private static LoadReport compare(
            Graph graph, List<StateEntry> entries, Naming naming, Set<String> head, boolean skipHead) {
        List<String> matched = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<WrongShape> wrongShape = new ArrayList<>();
        for (StateEntry entry : entries) {
            Tensor tensor = naming.dict().find(entry.name());
            if (tensor == null) {
                if (!isCounter(entry)) {
                    missing.add(entry.name());
                }
            } else if (fits(entry.shape(), tensor.shape())) {
                matched.add(entry.name());
            } else {
                wrongShape.add(
                        new WrongShape(entry.name(), tensor.shape(), entry.shape(), head.contains(entry.name())));
            }
        }
        Set<String> unexpected = new LinkedHashSet<>(naming.dict().names());
        entries.forEach(entry -> unexpected.remove(entry.name()));
        if (skipHead) {
            unexpected.removeIf(name -> name.startsWith(HEAD) || head.contains(name));
        }
        Set<String> required = entries.stream()
                .filter(e -> !isCounter(e))
                .map(StateEntry::name)
                .collect(Collectors.toSet());
        return new LoadReport(
                matched,
                missing,
                List.copyOf(unexpected),
                wrongShape,
                skipHead
                        ? graph.state().stream()
                                .map(StateEntry::name)
                                .filter(head::contains)
                                .toList()
                        : List.of(),
                entries.size(),
                naming.note(),
                missing.isEmpty() || unexpected.isEmpty()
                        ? ""
                        : Naming.hint(required, naming.dict().names()));
    }

    /** PyTorch takes a tensor of one element for a scalar: version 0.3 had no scalars. */
    private static boolean fits(Shape model, Shape checkpoint) {
        return model.equals(checkpoint) || (model.rank() == 0 && checkpoint.equals(Shape.of(1)));
    }

    private static boolean isCounter(StateEntry entry) {
        return entry instanceof Buffer buffer && buffer.role() == Buffer.Role.NUM_BATCHES_TRACKED;
    }

    private static void write(Weights weights, StateEntry entry, Tensor tensor) {
        switch (entry) {
            case Parameter parameter -> write(weights, parameter, tensor);
            case Buffer buffer -> {
                if (isCounter(buffer)) {
                    weights.setCounter(buffer, (long) tensor.toDoubles()[0]);
                } else {
                    weights.write(buffer, tensor.toFloat32().data());
                }
            }
        }
    }

    /** float32 goes from the mapped file to the region; other types pass through a small buffer. */
    private static void write(Weights weights, Parameter parameter, Tensor tensor) {
        if (tensor.dtype() == DType.FLOAT32) {
            weights.write(Weights.Slot.VALUE, parameter, tensor.data());
            return;
        }
        long numel = tensor.shape().numel();
        float[] buffer = new float[(int) Math.min(CHUNK, numel)];
        for (long at = 0; at < numel; at += buffer.length) {
            int count = (int) Math.min(buffer.length, numel - at);
            tensor.toFloats(at, buffer, count);
            MemorySegment chunk = MemorySegment.ofArray(buffer).asSlice(0, (long) count * Float.BYTES);
            weights.write(Weights.Slot.VALUE, parameter, at, chunk);
        }
    }
}
