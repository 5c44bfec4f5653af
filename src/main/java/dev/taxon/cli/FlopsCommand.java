package dev.taxon.cli;

import dev.taxon.analysis.FlopsCounter;
import dev.taxon.analysis.LayerCost;
import dev.taxon.graph.Graph;
import dev.taxon.model.ImageClassifier;
import dev.taxon.report.PythonJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts multiply-accumulates and parameters. */
@Command(
        name = "flops",
        mixinStandardHelpOptions = true,
        description = "Counts FLOPs (a multiply-accumulate counts as one, as in mmcls's tables) and parameters.")
final class FlopsCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Mixin
    private InputShape shape = new InputShape();

    @Option(names = "--table", description = "a line for each layer, too")
    private boolean table;

    @Option(names = "--json", description = "everything as JSON, for programs")
    private boolean json;

    @Option(names = "--exact", description = "count each multiplication, addition and comparison, the head's too")
    private boolean exact;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        ImageClassifier model =
                ImageClassifier.read(overrides.load(config).fields().dict("model"));
        Graph graph = model.graph(shape.or(model.exampleInput()));
        List<LayerCost> costs = exact ? FlopsCounter.countExact(graph) : FlopsCounter.count(graph);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(PythonJson.dumps(json(graph, costs), 2));
            return;
        }
        if (table) {
            out.print(FlopsCounter.table(costs));
        }
        out.println(FlopsCounter.block(graph, costs));
        out.println(
                exact
                        ? "Each multiplication, addition, comparison and elementary function counts as one, the head's too."
                        : "A multiply-accumulate is counted as one FLOP, by the rules of mmcv; the head's are left out.");
    }

    private static Map<String, Object> json(Graph graph, List<LayerCost> costs) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("input_shape", graph.input().shape().toList());
        tree.put("flops", costs.stream().mapToLong(LayerCost::flops).sum());
        tree.put("params", graph.parameterCount());
        List<Object> layers = new ArrayList<>();
        for (LayerCost cost : costs) {
            Map<String, Object> layer = new LinkedHashMap<>();
            layer.put("name", cost.name());
            layer.put("kind", cost.kind());
            layer.put("output_shape", cost.outputShape());
            layer.put("params", cost.parameters());
            layer.put("flops", cost.flops());
            layers.add(layer);
        }
        tree.put("layers", layers);
        return tree;
    }
}
