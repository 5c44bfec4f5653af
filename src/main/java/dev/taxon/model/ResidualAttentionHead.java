package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Init;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * mmcls CSRAClsHead: the sum of {@code csra_heads.N}, each a 1×1 convolution {@code head} with class-specific residual
 * attention of its own temperature. x is the backbone's map (inChannels, H, W), so that there is no neck.
 */
record ResidualAttentionHead(int numClasses, int inChannels, int numHeads, double lam, List<InitRule> initRules)
        implements HeadLayers {
    /** Of that many heads; one with an infinite temperature takes the maximum. Source: Zhu and Wu 2021, appendix. */
    private static final Map<Integer, List<Double>> TEMPERATURES = new TreeMap<>(Map.of(
            1, List.of(1.0),
            2, List.of(1.0, Double.POSITIVE_INFINITY),
            4, List.of(1.0, 2.0, 4.0, Double.POSITIVE_INFINITY),
            6, List.of(1.0, 2.0, 3.0, 4.0, 5.0, Double.POSITIVE_INFINITY),
            8, List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, Double.POSITIVE_INFINITY)));

    private static final List<InitRule> NORMAL_001 = List.of(InitRule.of(new Init.Normal(0, 0.01), "Linear"));

    static ResidualAttentionHead read(Fields f) {
        int heads = f.integer("num_heads");
        require(
                TEMPERATURES.containsKey(heads),
                "%s: num_heads of CSRAClsHead must be one of %s, got %d",
                f.dict().at(),
                TEMPERATURES.keySet(),
                heads);
        double lam = f.real("lam");
        require(
                lam > 0,
                "%s: lam of CSRAClsHead must be positive, got %s",
                f.dict().at(),
                lam);
        return new ResidualAttentionHead(
                HeadLayers.classes(f), f.integer("in_channels"), heads, lam, InitRule.read(f, NORMAL_001));
    }

    @Override
    public boolean readsMap() {
        return true;
    }

    @Override
    public Node build(Scope head, Node x) {
        require(
                x.shape().rank() == 3,
                "CSRAClsHead reads the map of a backbone, got shape %s; give model.neck=None and a backbone without classes",
                x.shape());
        HeadLayers.requireFeatures(inChannels, x);
        Scope heads = head.child("csra_heads");
        Node sum = null;
        List<Double> temperatures = TEMPERATURES.getOrDefault(numHeads, List.of());
        for (int i = 0; i < numHeads; i++) {
            Layer.ResidualAttention layer =
                    new Layer.ResidualAttention(inChannels, numClasses, temperatures.get(i), lam);
            Node logits = heads.child(i).child("head").residualAttention(x, layer);
            sum = sum == null ? logits : heads.apply(new Layer.Add(), sum, logits);
        }
        return Objects.requireNonNull(sum);
    }
}
