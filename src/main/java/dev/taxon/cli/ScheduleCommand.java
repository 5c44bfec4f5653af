package dev.taxon.cli;

import static dev.taxon.UserError.require;

import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.optim.Method;
import dev.taxon.optim.Moment;
import dev.taxon.optim.Schedule;
import dev.taxon.report.LineChart;
import dev.taxon.train.DataSpec;
import dev.taxon.train.InputData;
import dev.taxon.train.RunnerSpec;
import dev.taxon.train.TrainSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws the learning rate of a config over its run, as mmcls's vis_lr does. */
@Command(
        name = "schedule",
        mixinStandardHelpOptions = true,
        description = "Draws the learning rate, and the momentum where momentum_config changes it, over the whole run.")
final class ScheduleCommand implements Runnable {
    /** Training images of data sets that need not be here. */
    private static final Map<String, Integer> SIZES = Map.of(
            "ImageNet", 1_281_167, "CIFAR10", 50_000, "CIFAR100", 50_000, "MNIST", 60_000, "FashionMNIST", 60_000);

    /** More points than a picture has columns show nothing more. */
    private static final int POINTS = 2000;

    @Parameters(index = "0", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Option(
            names = {"--out", "--save-path"},
            paramLabel = "FILE",
            description = "picture to write; default: ${DEFAULT-VALUE}")
    private Path out = Path.of("schedule.png");

    @Option(
            names = "--dataset-size",
            paramLabel = "N",
            description = "training images; default: the data set's own number")
    private int datasetSize;

    @Option(names = "--title", paramLabel = "TEXT", description = "title of the picture; default: the config's name")
    private @Nullable String title;

    @Option(
            names = "--window-size",
            paramLabel = "W*H",
            description = "size of the picture in hundreds of pixels; default: ${DEFAULT-VALUE}")
    private String windowSize = "12*7";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        require(
                windowSize.matches("[1-9][0-9]?\\*[1-9][0-9]?"),
                "--window-size takes a width and a height in hundreds of pixels, such as 12*7, got %s",
                windowSize);
        Config read = overrides.load(config);
        Fields root = read.fields();
        TrainSpec train = TrainSpec.read(root);
        int perEpoch = itersPerEpoch(DataSpec.of(root));
        Method method = train.optimizer().method();
        RunnerSpec runner = train.runner();
        long end = runner.byEpoch() ? (long) runner.max() * perEpoch : runner.max();
        Curve curve = new Curve(end, perEpoch);
        Schedule lr = train.schedule();
        double base = lr.base(method.lr());
        double[] rates = curve.values(now -> lr.value(base, now));

        String[] size = windowSize.split("\\*", -1);
        LineChart chart = new LineChart(
                title == null ? String.valueOf(config.getFileName()) : title,
                "epoch (%d iterations each)".formatted(perEpoch),
                100 * Integer.parseInt(size[0]),
                100 * Integer.parseInt(size[1]));
        chart.add("learning rate", curve.epochs(), rates);
        Schedule momentum = train.momentum();
        if (momentum != null) {
            chart.add("momentum", curve.epochs(), curve.values(now -> momentum.value(method.momentum(), now)));
        }
        chart.png(out);
        spec.commandLine()
                .getOut()
                .printf(
                        "%s, %s of %d iterations: the learning rate begins at %.4g and ends at %.4g; drawn in %s%n",
                        method.name(),
                        runner.byEpoch() ? runner.max() + " epochs" : runner.max() + " iterations, in epochs",
                        perEpoch,
                        rates[0],
                        rates[rates.length - 1],
                        out);
    }

    private int itersPerEpoch(DataSpec data) {
        require(datasetSize >= 0, "--dataset-size must be positive, got %d", datasetSize);
        Fields train = data.train();
        Integer known = train == null ? null : SIZES.get(train.text("type", ""));
        int images = datasetSize > 0
                ? datasetSize
                : known != null ? known : InputData.open(train, false).size();
        return data.trainLoader().batches(images);
    }

    /** Evenly spread iterations of a run, the first and the last among them. */
    private record Curve(long end, int perEpoch) {
        private LongStream iters() {
            long count = Math.min(end, POINTS);
            return LongStream.range(0, count).map(i -> count == 1 ? 0 : i * (end - 1) / (count - 1));
        }

        double[] epochs() {
            return iters().mapToDouble(i -> (double) i / perEpoch).toArray();
        }

        double[] values(ToDoubleFunction<Moment> of) {
            int maxEpochs = Math.toIntExact(Math.ceilDiv(end, (long) perEpoch));
            return iters().mapToDouble(
                            i -> of.applyAsDouble(new Moment((int) (i / perEpoch), maxEpochs, i, end, perEpoch)))
                    .toArray();
        }
    }
}
