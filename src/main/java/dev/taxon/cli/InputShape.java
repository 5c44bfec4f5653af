package dev.taxon.cli;

import static dev.taxon.UserError.require;

import dev.taxon.tensor.Shape;
import java.util.List;
import picocli.CommandLine.Option;

/** The size of the images that a command without images assumes. */
final class InputShape {
    @Option(
            names = "--shape",
            arity = "1..3",
            paramLabel = "N",
            description = "H, or H W, or C H W; default: the model's channels and usual size")
    private List<Integer> shape = List.of();

    /** (C, H, W); what was not said is the example's. */
    Shape or(Shape example) {
        require(
                shape.size() <= 3 && shape.stream().allMatch(n -> n > 0),
                "--shape takes one to three positive numbers, got %s",
                shape);
        int n = shape.size();
        if (n == 0) {
            return example;
        }
        return Shape.of(n == 3 ? shape.getFirst() : example.dim(0), shape.get(n == 1 ? 0 : n - 2), shape.get(n - 1));
    }
}
