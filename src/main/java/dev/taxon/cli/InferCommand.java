package dev.taxon.cli;

import static dev.taxon.UserError.require;

import dev.taxon.Classifier;
import dev.taxon.Picture;
import dev.taxon.Prediction;
import dev.taxon.UserError;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.config.Config;
import dev.taxon.report.Progress;
import dev.taxon.report.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Classifies images. */
@Command(
        name = "infer",
        mixinStandardHelpOptions = true,
        customSynopsis = "engine infer [OPTIONS] IMAGE... CONFIG CHECKPOINT",
        description = {
            "Classifies images: files, folders (and what is below them), quoted patterns.",
            "",
            "One file prints mmcls's result as JSON: pred_label, pred_score, pred_class. Several print a list of such"
                    + " objects, each with its filename. What is no image is said and skipped, and the exit code is 2."
        },
        footer = {
            "",
            "  engine infer cat.jpg resnet50.py resnet50.pth",
            "  engine infer photos/ resnet50.py resnet50.pth --topk 5 --out photos.csv",
            "  engine infer 'photos/**/*.png' resnet50.py mmcls://resnet50 > photos.json"
        })
final class InferCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "IMAGE... CONFIG CHECKPOINT",
            hideParamSyntax = true,
            description = {
                "IMAGE       a file, a folder, or a pattern such as 'photos/*.jpg'",
                "CONFIG      config file: .py, .json or .yaml",
                "CHECKPOINT  " + CheckpointName.DESCRIPTION
            })
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "write to FILE.json or FILE.csv instead of the terminal")
    private @Nullable Path out;

    @Option(
            names = "--topk",
            paramLabel = "K",
            defaultValue = "1",
            description = "also list the K best classes of each image (default: ${DEFAULT-VALUE})")
    private int topk = 1;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "32",
            description = "images that run through the network at once (default: ${DEFAULT-VALUE})")
    private int batch = 32;

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        int images = arguments.size() - 2;
        if (images < 1) {
            throw new ParameterException(
                    spec.commandLine(), "give at least one image, then a config, then a checkpoint");
        }
        require(topk >= 1, "--topk must be at least 1, got %d", topk);
        require(batch >= 1, "--batch must be at least 1, got %d", batch);
        boolean csv = isCsv();
        Config config = overrides.load(Path.of(arguments.get(images)));
        ImagePaths paths = ImagePaths.of(arguments.subList(0, images));
        Progress progress = Progress.console();
        Path checkpoint = Hub.standard(progress).locate(arguments.get(images + 1));
        Classifier.Options options =
                Classifier.Options.DEFAULT.onDevice(device.device()).withBatch(batch);
        try (Classifier classifier = Classifier.load(config, checkpoint, options)) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(Version.current().line());
            err.println(classifier.device());
            classifier.notes().forEach(err::println);
            if (topk > classifier.classes().size()) {
                err.println("--topk " + topk + " is more than the "
                        + classifier.classes().size() + " classes: all are listed");
            }
            err.flush();
            return out == null
                    ? run(classifier, paths, output(spec.commandLine().getOut(), false, paths.one()), progress)
                    : writeFile(classifier, paths, out, csv, progress);
        }
    }

    private boolean isCsv() {
        if (out == null) {
            return false;
        }
        String name = out.toString().toLowerCase(Locale.ROOT);
        require(name.endsWith(".json") || name.endsWith(".csv"), "--out must end in .json or .csv, got %s", out);
        Path folder = out.toAbsolutePath().getParent();
        require(
                folder != null && Files.isDirectory(folder),
                "the folder of --out %s does not exist; make it first",
                out);
        return name.endsWith(".csv");
    }

    private PredictionOutput output(PrintWriter writer, boolean csv, boolean one) {
        if (csv) {
            return new PredictionOutput.Csv(writer, topk);
        }
        return one ? new PredictionOutput.JsonObject(writer, topk) : new PredictionOutput.JsonList(writer, topk);
    }

    /** Writes beside and renames, so that a run that is stopped leaves no half of a file. */
    private int writeFile(Classifier classifier, ImagePaths paths, Path file, boolean csv, Progress progress) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            int code;
            try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(part))) {
                code = run(classifier, paths, output(writer, csv, paths.one()), progress);
                if (writer.checkError()) {
                    throw new IOException("the disk may be full");
                }
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            progress.line("results are in " + file);
            return code;
        } catch (IOException e) {
            throw new UserError(file + " cannot be written: " + e.getMessage(), e);
        } finally {
            try {
                Files.deleteIfExists(part);
            } catch (IOException e) {
                progress.line(part + " is left over: " + e.getMessage());
            }
        }
    }

    private int run(Classifier classifier, ImagePaths paths, PredictionOutput output, Progress progress) {
        Results results = new Results(output, paths, progress);
        output.begin();
        classifier.predictEach(paths.files().stream().map(Picture::of).toList(), results);
        output.end();
        progress.clear();
        if (results.failures > 0) {
            progress.line(results.failures + " of " + paths.files().size() + " images could not be read");
        }
        return results.failures == 0 ? 0 : Engine.EXIT_USER;
    }

    private final class Results implements Classifier.Listener {
        private final PredictionOutput output;
        private final ImagePaths paths;
        private final Progress progress;
        private final long start = System.nanoTime();
        private int failures;

        Results(PredictionOutput output, ImagePaths paths, Progress progress) {
            this.output = output;
            this.paths = paths;
            this.progress = progress;
        }

        @Override
        public void predicted(int index, Picture picture, Prediction prediction) {
            output.predicted(picture.name(), prediction.top(topk));
            show(index + 1);
        }

        @Override
        public void failed(int index, Picture picture, UserError error) {
            failures++;
            String sentence = String.valueOf(error.getMessage());
            output.failed(picture.name(), sentence); // ends the run, with this sentence, where there is one image
            progress.line("error: " + sentence);
            show(index + 1);
        }

        private void show(int done) {
            int count = paths.files().size();
            progress.draw(() -> {
                double seconds = (System.nanoTime() - start) / 1e9;
                return "%d/%d, %.1f images/s, ETA %s"
                        .formatted(done, count, done / seconds, Progress.duration(seconds / done * (count - done)));
            });
        }
    }
}
