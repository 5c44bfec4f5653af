package dev.taxon.optim;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key {@code optimizer.paramwise_cfg}: rates and weight decay by parameter, a param_group each. Source: mmcv 1.7's
 * DefaultOptimizerConstructor.
 *
 * @param customKeys parts of a parameter's name, in order of precedence: longest first, equal lengths by alphabet
 * @param decays whether the config gives a weight_decay, which the multipliers need
 */
public record Paramwise(
        List<CustomKey> customKeys,
        double biasLr,
        double biasDecay,
        double normDecay,
        double depthwiseDecay,
        boolean decays) {
    /** What a parameter gets whose name holds {@code part}, instead of all other rules. */
    public record CustomKey(String part, double lr, double decay) {}

    public Paramwise {
        customKeys = List.copyOf(customKeys);
    }

    static Paramwise read(Fields f, boolean decays) {
        f.ignore("bypass_duplicate", "dcn_offset_lr_mult"); // no parameter stands twice in a graph, none is deformable
        for (String key : List.of("bias_decay_mult", "norm_decay_mult", "dwconv_decay_mult")) {
            if (f.has(key) && !decays) {
                throw f.error(key, "needs optimizer.weight_decay");
            }
        }
        Paramwise paramwise = new Paramwise(
                customKeys(f.dictOrNull("custom_keys"), decays),
                f.real("bias_lr_mult", 1),
                f.real("bias_decay_mult", 1),
                f.real("norm_decay_mult", 1),
                f.real("dwconv_decay_mult", 1),
                decays);
        f.done();
        return paramwise;
    }

    private static List<CustomKey> customKeys(@Nullable Fields f, boolean decays) {
        List<CustomKey> keys = new ArrayList<>();
        if (f != null) {
            for (String part : f.dict().entries().keySet()) {
                Fields rule = f.dict(part);
                require(
                        decays || !rule.has("decay_mult"),
                        "%s: decay_mult of '%s' needs optimizer.weight_decay",
                        f.dict().at(),
                        part);
                keys.add(new CustomKey(part, rule.real("lr_mult", 1), rule.real("decay_mult", 1)));
                rule.done();
            }
        }
        keys.sort(Comparator.comparingInt((CustomKey k) -> -k.part.length()).thenComparing(CustomKey::part));
        return keys;
    }

    /** One group a parameter, in registration order. */
    List<ParamGroup> groups(Graph graph, Method method) {
        Map<String, Node> owners = new HashMap<>();
        graph.nodes().forEach(node -> node.parameters().forEach(p -> owners.put(p.name(), node)));
        List<ParamGroup> groups = new ArrayList<>();
        List<Parameter> parameters = graph.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter p = parameters.get(i);
            ParamGroup own = new ParamGroup(method.lr(), method.weightDecay(), false, false, List.of(i));
            Node owner = owners.get(p.name());
            groups.add(p.trainable() && owner != null ? group(own, p.name(), owner.layer()) : own);
        }
        return groups;
    }

    private ParamGroup group(ParamGroup own, String name, Layer layer) {
        String path = name.contains(".") ? name : "." + name; // mmcv joins module and parameter
        for (CustomKey key : customKeys) {
            if (path.contains(key.part)) {
                ParamGroup group = own.withLr(own.lr() * key.lr);
                return decays ? group.withWeightDecay(own.weightDecay() * key.decay) : group;
            }
        }
        boolean bias = name.endsWith(".bias");
        boolean norm = isNorm(layer);
        ParamGroup group = bias && !norm ? own.withLr(own.lr() * biasLr) : own;
        if (!decays) {
            return group;
        }
        if (norm) {
            return group.withWeightDecay(own.weightDecay() * normDecay);
        }
        if (layer instanceof Layer.Conv2d conv && conv.inC() == conv.groups()) {
            return group.withWeightDecay(own.weightDecay() * depthwiseDecay);
        }
        return bias ? group.withWeightDecay(own.weightDecay() * biasDecay) : group;
    }

    private static boolean isNorm(Layer layer) {
        return layer instanceof Layer.BatchNorm2d || layer instanceof Layer.LayerNorm;
    }
}
