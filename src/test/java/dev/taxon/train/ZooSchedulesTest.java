package dev.taxon.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Settings;
import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.data.InferencePipeline;
import dev.taxon.data.TestEntry;
import dev.taxon.graph.Graph;
import dev.taxon.model.ImageClassifier;
import dev.taxon.optim.Moment;
import dev.taxon.optim.Schedule;
import dev.taxon.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every config of the zoo makes its model for its pictures, its optimizer and its schedule. */
class ZooSchedulesTest {
    private static final int ITERS_PER_EPOCH = 5005; // ImageNet by 256

    @Test
    void everyConfigMakesItsSchedule() throws IOException {
        List<String> failures = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("configs"))) {
            files.filter(f -> f.toString().endsWith(".py") && !f.toString().contains("_base_"))
                    .forEach(f -> check(f, failures));
        }
        assertTrue(failures.isEmpty(), String.join("\n", failures));
    }

    private static void check(Path file, List<String> failures) {
        try {
            Fields root = Config.load(file).fields();
            ImageClassifier model = ImageClassifier.read(root.dict("model"));
            Shape example = model.exampleInput();
            InferencePipeline pipeline = InferencePipeline.of(TestEntry.of(root), (int) example.size(0));
            Graph graph = model.graph(pipeline.inputShape().orElse(example));
            if (model.inits(graph).size() != graph.parameters().size() || graph.loss() == null) {
                failures.add(file + ": not every parameter has a start, or there is no loss");
            }
            DataSpec.of(root);
            Settings.read(root);
            if (!root.has("optimizer")) {
                return; // for inference only
            }
            TrainSpec spec = TrainSpec.read(root);
            curve(file, spec, failures);
        } catch (UserError e) {
            failures.add(file + ": " + e.getMessage());
        }
    }

    /** At the start, within and behind a warm-up, in the middle and at the end. */
    private static void curve(Path file, TrainSpec spec, List<String> failures) {
        Schedule schedule = spec.schedule();
        int epochs = spec.runner().max();
        long end = (long) epochs * ITERS_PER_EPOCH;
        double base = schedule.base(spec.optimizer().method().lr());
        for (long iter : new long[] {0, 1, 5004, 5005, end / 2, end - 1}) {
            int epoch = (int) (iter / ITERS_PER_EPOCH);
            double lr = schedule.value(base, new Moment(epoch, epochs, iter, end, ITERS_PER_EPOCH));
            if (!(lr >= 0 && lr <= base * 1.000001)) {
                failures.add(file + ": the rate of iteration " + iter + " is " + lr);
            }
        }
    }
}
