package dev.taxon.cli;

import static dev.taxon.UserError.require;

import dev.taxon.analysis.FlopsCounter;
import dev.taxon.graph.Graph;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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

    @Option(names = "--shape", arity = "1..3", paramLabel = "N", description = "H, or H W, or C H W; default: the model's channels and usual size")
    private List<Integer> shape = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        require(
                shape.size() <= 3 && shape.stream().allMatch(n -> n > 0),
                "--shape takes one to three positive numbers, got %s",
                shape);
        ImageClassifier model = ImageClassifier.read(overrides.load(config).fields().dict("model"));
        Graph graph = model.graph(input(model.exampleInput()));
        PrintWriter out = spec.commandLine().getOut();
        out.println(FlopsCounter.block(graph));
        out.println("A multiply-accumulate is counted as one FLOP, by the rules of mmcv; the head's are left out.");
    }

    private Shape input(Shape example) {
        int n = shape.size();
        if (n == 0) {
            return example;
        }
        return Shape.of(n == 3 ? shape.getFirst() : example.dim(0), shape.get(n == 1 ? 0 : n - 2), shape.get(n - 1));
    }
}
