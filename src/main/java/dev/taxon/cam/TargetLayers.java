package dev.taxon.cam;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Nearest;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.StateEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The layers of a network that have a map, by PyTorch's module names. */
public final class TargetLayers {
    private static final Pattern INDEX = Pattern.compile("\\[(-?\\d+)]");

    private final Graph graph;
    private final Set<Node> needed = new HashSet<>(); // for the output

    public TargetLayers(Graph graph) {
        this.graph = graph;
        needed.add(graph.output());
        for (Node node : graph.nodes().reversed()) {
            if (needed.contains(node)) {
                needed.addAll(node.inputs());
            }
        }
    }

    /**
     * The layer of a name; a block's is the last layer in it. {@code layer4[-1]} is the last child of {@code layer4}.
     *
     * @throws UserError if there is none, it has no map, or nothing that the network gives depends on it
     */
    public Node of(String name) {
        String path = indexed(name.strip());
        List<Node> inside = graph.nodes().stream()
                .filter(n -> n.name().equals(path) || n.name().startsWith(path + "."))
                .toList();
        if (inside.isEmpty()) {
            throw UserError.of(
                    "no layer is named %s; %s; --preview-model lists all",
                    name,
                    Nearest.suggestion(path, withMap().stream().map(Node::name).toList()));
        }
        Node node =
                inside.stream().filter(n -> n.name().equals(path)).findFirst().orElseGet(inside::getLast);
        require(
                hasMap(node),
                "layer %s has no map: its shape is %s; choose one before the pooling",
                name,
                node.shape());
        require(needed.contains(node), "what the network gives does not depend on layer %s", name);
        return node;
    }

    /** {@code layer4[-1].conv1} as {@code layer4.2.conv1}. */
    private String indexed(String name) {
        StringBuilder path = new StringBuilder();
        int end = 0;
        for (Matcher m = INDEX.matcher(name); m.find(); end = m.end()) {
            path.append(name, end, m.start());
            int index = Integer.parseInt(m.group(1));
            int child = index < 0 ? children(path.toString()) + index : index;
            path.append('.').append(child);
        }
        return path.append(name.substring(end)).toString();
    }

    private int children(String parent) {
        Pattern child = Pattern.compile(Pattern.quote(parent) + "\\.(\\d+)(\\..*)?");
        return graph.nodes().stream()
                .map(n -> child.matcher(n.name()))
                .filter(Matcher::matches)
                .mapToInt(m -> Integer.parseInt(m.group(1)) + 1)
                .max()
                .orElse(0);
    }

    /**
     * mmcls's choice: the last norm layer of the backbone, in PyTorch's order of registration; with a class token, whose
     * score the places of the last block no longer reach, the first norm of that block. Without any norm, the last convolution.
     */
    public Node standard() {
        List<Node> norms = new ArrayList<>();
        for (StateEntry entry : graph.state()) {
            owner(entry)
                    .filter(n -> isNorm(n) && n.name().startsWith("backbone.") && hasMap(n) && needed.contains(n))
                    .filter(n -> norms.isEmpty() || !norms.getLast().equals(n))
                    .ifPresent(norms::add);
        }
        boolean classToken = extraTokens() > 0;
        if (norms.size() >= (classToken ? 3 : 1)) {
            return norms.get(norms.size() - (classToken ? 3 : 1));
        }
        return graph.nodes().reversed().stream()
                .filter(n -> n.layer() instanceof Layer.Conv2d && hasMap(n) && needed.contains(n))
                .findFirst()
                .orElseThrow(() -> new UserError("the network has no layer with a map"));
    }

    private Optional<Node> owner(StateEntry entry) {
        return graph.nodes().stream()
                .filter(n -> n.parameters().stream().anyMatch(p -> p.name().equals(entry.name())))
                .findFirst();
    }

    private static boolean isNorm(Node node) {
        return node.layer() instanceof Layer.BatchNorm2d || node.layer() instanceof Layer.LayerNorm;
    }

    /** Tokens that stand for no place of the image: the class token, and others that are put before the places. */
    public int extraTokens() {
        return (int) graph.nodes().stream()
                .filter(n -> n.layer() instanceof Layer.ClassToken)
                .count();
    }

    /** All layers that {@link #of} takes, in the order in which they run. */
    public List<Node> withMap() {
        return graph.nodes().stream()
                .filter(n -> hasMap(n) && needed.contains(n))
                .toList();
    }

    private static boolean hasMap(Node node) {
        boolean image =
                node.shape().rank() == 3 && node.shape().dim(1) * node.shape().dim(2) > 1;
        boolean tokens = node.shape().rank() == 2 && node.shape().dim(0) > 1;
        return image || tokens;
    }
}
