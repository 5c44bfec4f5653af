package dev.taxon.analysis;

import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Layer.Activation.LeakyRelu;
import dev.taxon.graph.Layer.Activation.Simple;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Walks a graph and counts multiply-accumulates by the rules of mmcv's {@code get_model_complexity_info}, which calls
 * them FLOPs: convolution kH·kW·inC/groups·outC·H'·W' plus its bias, linear in·out a row without its bias, batch and layer norm 2 per element, ReLU
 * (also ReLU6, LeakyReLU) 1 per output element, pooling 1 per input element; others nothing. The head's last layer is not counted (mmcls measures
 * {@code extract_feat(stage='pre_logits')}), its parameters are.
 */
public final class FlopsCounter {
    private static final double GIGA = 1e9;
    private static final double MEGA = 1e6;
    private static final double KILO = 1e3;

    private static final int TEXT_COLUMNS = 3; // aligned left

    private FlopsCounter() {}

    /** One entry a node of the network, in execution order; inputs, targets and the loss are left out. */
    public static List<LayerCost> count(Graph graph) {
        return network(graph)
                .map(n -> cost(n, isLastOfHead(graph, n) ? 0 : flops(n)))
                .toList();
    }

    private static boolean isLastOfHead(Graph graph, Node n) {
        return n.equals(graph.output()) && n.name().startsWith("head.");
    }

    private static Stream<Node> network(Graph graph) {
        return graph.nodes().stream()
                .filter(n -> !(n.layer() instanceof Layer.Input
                        || n.layer() instanceof Layer.Target
                        || n.layer() instanceof LossLayer));
    }

    /** The block that mmcls prints, between two rules of 30 {@code =}. */
    public static String block(Graph graph, List<LayerCost> costs) {
        String rule = "=".repeat(30);
        return "%s\nInput shape: %s\nFlops: %s\nParams: %s\n%s"
                .formatted(
                        rule,
                        graph.input().shape(),
                        flopsText(costs.stream().mapToLong(LayerCost::flops).sum()),
                        parametersText(graph.parameterCount()),
                        rule);
    }

    /** As mmcv's flops_to_string: {@code 4.12 GFLOPs}. */
    public static String flopsText(long flops) {
        if (flops >= GIGA) {
            return rounded(flops / GIGA) + " GFLOPs";
        } else if (flops >= MEGA) {
            return rounded(flops / MEGA) + " MFLOPs";
        } else if (flops >= KILO) {
            return rounded(flops / KILO) + " KFLOPs";
        }
        return flops + " FLOPs";
    }

    /** As mmcv's params_to_string: {@code 25.56 M}. */
    public static String parametersText(long parameters) {
        if (parameters >= MEGA) {
            return rounded(parameters / MEGA) + " M";
        } else if (parameters >= KILO) {
            return rounded(parameters / KILO) + " k";
        }
        return Long.toString(parameters);
    }

    /** Two decimals as Python's round (of the exact binary value, ties to even) and str give them: {@code 4.1}, not {@code 4.10}. */
    private static String rounded(double value) {
        String text = new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
        return text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
    }

    /** A line a layer, columns aligned: name, kind, output shape, parameters, flops, share of all flops. */
    public static String table(List<LayerCost> costs) {
        double total = Math.max(1, costs.stream().mapToLong(LayerCost::flops).sum());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("layer", "kind", "output", "parameters", "FLOPs", "share"));
        for (LayerCost c : costs) {
            rows.add(List.of(
                    c.name(),
                    c.kind(),
                    c.outputShape(),
                    Long.toString(c.parameters()),
                    Long.toString(c.flops()),
                    String.format(Locale.ROOT, "%.2f %%", 100 * c.flops() / total)));
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream()
                        .mapToInt(r -> r.get(column).length())
                        .max()
                        .orElse(0);
                String format = i < TEXT_COLUMNS ? "%-" + width + "s" : "%" + width + "s";
                out.append(String.format(Locale.ROOT, format, row.get(i))).append(i + 1 < row.size() ? "  " : "\n");
            }
        }
        return out.toString();
    }

    /**
     * Every arithmetic operation of evaluation, the head's among them: a multiplication and an addition are two, a
     * comparison or an elementary function is one.
     */
    public static List<LayerCost> countExact(Graph graph) {
        return network(graph).map(n -> cost(n, ExactOperations.of(n))).toList();
    }

    private static LayerCost cost(Node n, long flops) {
        long parameters =
                n.parameters().stream().mapToLong(p -> p.shape().numel()).sum();
        return new LayerCost(
                n.name(),
                n.layer().getClass().getSimpleName(),
                n.shape().withBatch(1).toString(),
                parameters,
                flops);
    }

    private static long flops(Node n) {
        long out = n.shape().numel();
        return switch (n.layer()) {
            case Layer.Conv2d l ->
                out * l.kernel().kH() * l.kernel().kW() * (l.inC() / l.groups()) + (l.bias() ? out : 0);
            case Layer.Linear l -> out * l.in();
            case Layer.BatchNorm2d l -> 2 * out;
            case Layer.Activation l ->
                switch (l.function()) {
                    case Simple.RELU, Simple.RELU6 -> out;
                    case LeakyRelu f -> out;
                    case Simple f -> 0; // mmcv has no rule for the others
                    case HardSigmoid f -> 0;
                };
            case Layer.MaxPool2d l -> n.input().shape().numel();
            case Layer.AvgPool2d l -> n.input().shape().numel();
            case Layer.GlobalAvgPool l -> n.input().shape().numel();
            case Layer.GeneralizedMeanPool l -> 0; // functions, which mmcv's hooks do not see
            case Layer.ResidualAttention l -> 0; // behind pre_logits, where mmcls stops
            case Layer.LayerNorm l -> 2 * out;
            case Layer.Attention l -> 0; // matrix products outside modules, which mmcv's hooks do not see
            case Layer.ImageToTokens l -> 0;
            case Layer.TokensToImage l -> 0;
            case Layer.TokenSlice l -> 0;
            case Layer.ClassToken l -> 0;
            case Layer.PositionEmbedding l -> 0;
            case Layer.DropPath l -> 0;
            case Layer.Input l -> 0;
            case Layer.Target l -> 0;
            case Layer.Add l -> 0;
            case Layer.ChannelScale l -> 0;
            case Layer.Flatten l -> 0;
            case Layer.Dropout l -> 0;
            case Layer.ShortcutA l -> 0;
            case Layer.ChannelSlice l -> 0;
            case Layer.Concat l -> 0;
            case Layer.ChannelShuffle l -> 0;
            case Layer.RadixPool l -> 0;
            case Layer.RadixSoftmax l -> 0;
            case Layer.RadixSum l -> 0;
            case LossLayer l -> 0;
        };
    }
}
