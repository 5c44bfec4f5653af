package dev.taxon.cli;

import static dev.taxon.UserError.require;

import dev.taxon.Devices;
import dev.taxon.Settings;
import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;
import dev.taxon.model.ImageClassifier;
import dev.taxon.model.Initializer;
import dev.taxon.profile.KernelTime;
import dev.taxon.profile.Profile;
import dev.taxon.profile.ProfileJson;
import dev.taxon.profile.ProfileTable;
import dev.taxon.profile.Profiler;
import dev.taxon.report.Progress;
import dev.taxon.report.PythonJson;
import dev.taxon.report.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures where a step's time goes. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        description = {
            "Shows where a step's time goes: each kernel with its time, speed and distance from what this machine could do.",
            "",
            "First the machine is measured: its peak of multiply-adds, and how fast it moves data that lie in caches and in"
                    + " memory. Then the network runs on random images with random weights; no data set or checkpoint is"
                    + " needed. 'roofline' is the least time that the kernel's task could take, by arithmetic ('compute') or"
                    + " by the data it must read and write ('memory'), as a share of the time it took: 100 % is perfect."
                    + " Winograd's convolutions do less arithmetic than the definition, by which it is counted, and can be"
                    + " above 100 %; so can kernels whose data are still in a cache.",
            "",
            "Close other programs first: whatever they take shows as time here."
        },
        footer = {
            "",
            "  engine profile resnet50.py",
            "  engine profile resnet50.py --train --batch-size 16 --top 20",
            "  engine profile resnet50.py --trace step.json      (open it in chrome://tracing or ui.perfetto.dev)"
        })
final class ProfileCommand implements Runnable {
    private static final int TRAIN_BATCH = 16; // where the config says none

    /** Orders of the table. */
    enum Order {
        graph,
        time
    }

    @Parameters(index = "0", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "images in a step (default: 1; with --train the config's samples_per_gpu, or 16)")
    private @Nullable Integer batch;

    @Option(
            names = "--train",
            description = "a training step: forward, loss, backward and SGD with momentum; without, inference")
    private boolean train;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description = "measure N steps (default: some seconds' worth); medians are shown")
    private @Nullable Integer repeat;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            defaultValue = "graph",
            description = "graph: as the kernels run (default); time: the slowest first")
    private Order sort = Order.graph;

    @Option(names = "--top", paramLabel = "N", description = "list only the N slowest kernels")
    private @Nullable Integer top;

    @Option(names = "--json", description = "everything as JSON, for programs")
    private boolean json;

    @Option(names = "--trace", paramLabel = "FILE", description = "also write the last step as a Chrome trace")
    private @Nullable Path trace;

    @Mixin
    private InputShape shape = new InputShape();

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        positive("--batch-size", batch);
        positive("--repeat", repeat);
        positive("--top", top);
        Config loaded = overrides.load(config);
        ImageClassifier model = ImageClassifier.read(loaded.fields().dict("model"));
        Graph graph = model.graph(shape.or(model.exampleInput()));
        Options options = train ? Options.train(trainBatch(loaded)) : Options.eval(batch == null ? 1 : batch);
        try (Device opened = Devices.open(Settings.read(loaded.fields()).on(device.device()));
                Weights weights = opened.allocate(graph)) {
            Initializer.initialize(weights, model.inits(graph), 0);
            Profile profile = Profiler.run(opened, weights, options, repeat == null ? 0 : repeat, Progress.console());
            if (trace != null) {
                write(trace, PythonJson.dumps(ProfileJson.chromeTrace(profile)));
            }
            print(profile);
        }
    }

    private static void positive(String name, @Nullable Integer value) {
        require(value == null || value > 0, "%s must be at least 1, got %s", name, value);
    }

    private int trainBatch(Config loaded) {
        if (batch != null) {
            return batch;
        }
        Fields data = loaded.fields().dictOrNull("data");
        return data == null ? TRAIN_BATCH : data.integer("samples_per_gpu", TRAIN_BATCH);
    }

    private void print(Profile profile) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(PythonJson.dumps(ProfileJson.tree(profile), 2));
            return;
        }
        ProfileTable table = new ProfileTable(profile);
        out.println(Version.current().line());
        out.println(table.summary());
        out.println(table.kernels(shown(profile)));
        out.print(table.totals());
        out.flush();
    }

    private List<KernelTime> shown(Profile profile) {
        List<KernelTime> kernels = profile.kernels();
        if (sort == Order.time || top != null) {
            kernels = kernels.stream()
                    .sorted(Comparator.comparingDouble(KernelTime::seconds).reversed())
                    .limit(top == null ? kernels.size() : top)
                    .toList();
        }
        return sort == Order.time
                ? kernels
                : kernels.stream()
                        .sorted(Comparator.comparingInt(KernelTime::place))
                        .toList();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError("cannot write the trace to " + file + ": " + e, e);
        }
    }
}
