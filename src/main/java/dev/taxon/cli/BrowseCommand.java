package dev.taxon.cli;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Labels;
import dev.taxon.data.survey.PipelineSteps;
import dev.taxon.data.survey.PipelineSteps.Frame;
import dev.taxon.report.DatasetImages;
import dev.taxon.report.PictureFile;
import dev.taxon.report.Progress;
import dev.taxon.report.StepSheet;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a pipeline makes of images, as mmcls's vis_pipeline does. */
@Command(
        name = "browse",
        mixinStandardHelpOptions = true,
        description =
                "Draws images of a data set on one sheet: as they are stored, after the pipeline, or step by step. "
                        + "Images are taken evenly from all of the data set; normalization is undone to show them.",
        footer = {
            "",
            "Examples:",
            "  engine browse CONFIG --mode pipeline --number 6 --out sheet.png",
            "  engine browse CONFIG --output-dir pictures --number 100"
        })
final class BrowseCommand implements Runnable {
    private static final int SHEET = 12; // images that one can look at

    @Mixin
    private DatasetArgument input = new DatasetArgument();

    /** What is shown of an image. */
    enum Mode {
        /** As it is stored. */
        ORIGINAL,
        /** After the whole pipeline. */
        TRANSFORMED,
        /** Both, side by side. */
        CONCAT,
        /** After each step. */
        PIPELINE
    }

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "sheet to write; default: sheet.png, or none with --output-dir")
    private @Nullable Path out;

    @Option(names = "--output-dir", paramLabel = "DIR", description = "write a picture for each image into this folder")
    private @Nullable Path folder;

    @Option(
            names = {"--number", "--show-number"},
            paramLabel = "N",
            description = "images to show; default: 12, or all with --output-dir")
    private @Nullable Integer number;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "original, transformed, concat (both) or pipeline (step by step); default: concat")
    private String mode = "concat";

    @Option(
            names = "--skip-type",
            arity = "0..*",
            paramLabel = "STEP",
            description = "steps that are carried out but not shown; default: ToTensor Normalize ImageToTensor Collect")
    private List<String> hidden = List.of("ToTensor", "Normalize", "ImageToTensor", "Collect");

    @Option(names = "--seed", paramLabel = "N", description = "images are those of the first epoch with that seed")
    private long seed;

    @Option(
            names = "--adaptive",
            description = "scale pictures to edges of --min-edge-length to --max-edge-length pixels")
    private boolean adaptive;

    @Option(names = "--min-edge-length", paramLabel = "PIXELS", description = "default: ${DEFAULT-VALUE}")
    private int shortest = 200;

    @Option(names = "--max-edge-length", paramLabel = "PIXELS", description = "default: ${DEFAULT-VALUE}")
    private int longest = 800;

    @Option(names = "--show", description = "not here: Taxon opens no windows; see --out and --output-dir")
    private boolean show;

    @Option(names = "--window-size", paramLabel = "W*H", hidden = true)
    private @Nullable String windowSize;

    @Option(names = "--show-options", arity = "1..*", paramLabel = "KEY=VALUE", hidden = true)
    private @Nullable List<String> showOptions;

    @Option(names = "--bgr2rgb", hidden = true)
    private boolean bgrToRgb;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Mode shown = Arrays.stream(Mode.values())
                .filter(m -> m.name().toLowerCase(Locale.ROOT).equals(mode))
                .findFirst()
                .orElseThrow(
                        () -> UserError.of("--mode must be original, transformed, concat or pipeline, got '%s'", mode));
        check();
        try (Dataset dataset = input.open()) {
            PipelineSteps steps = new PipelineSteps(input.fields(), hidden);
            int wanted = number != null ? number : folder == null ? SHEET : Integer.MAX_VALUE;
            int count = Math.min(wanted, dataset.size());
            Path page = folder == null && out == null ? Path.of("sheet.png") : out;
            StepSheet sheet = new StepSheet("%s: %d of %,d images".formatted(dataset.name(), count, dataset.size()));
            DatasetImages names = folder == null ? null : new DatasetImages(dataset);
            Progress progress = Progress.console();
            for (int i = 0; i < count; i++) {
                int index = (int) ((long) i * dataset.size() / count);
                List<StepSheet.Cell> cells = cells(steps.frames(dataset, index, seed), shown);
                if (page != null) {
                    sheet.add(label(dataset, index), name(dataset, index), cells);
                }
                if (folder != null && names != null) {
                    StepSheet single = new StepSheet("");
                    single.add(label(dataset, index), name(dataset, index), cells);
                    PictureFile.write(single.picture(), folder.resolve(names.fileName(index)));
                }
                int done = i + 1;
                progress.draw(() -> "Drawing: %d/%d".formatted(done, count));
            }
            progress.clear();
            if (page != null) {
                PictureFile.write(sheet.picture(), page);
            }
            spec.commandLine()
                    .getOut()
                    .println(count + " images are in "
                            + Stream.of(page, folder)
                                    .filter(Objects::nonNull)
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(" and ")));
        }
    }

    private void check() {
        UserError.require(number == null || number > 0, "--number must be positive, got %s", number);
        UserError.require(
                shortest > 0 && longest >= shortest,
                "--min-edge-length must be positive and at most --max-edge-length, got %d and %d",
                shortest,
                longest);
        UserError.require(!show, "--show opens windows, which Taxon does not; --out and --output-dir write files");
        if (windowSize != null || showOptions != null) {
            spec.commandLine()
                    .getErr()
                    .println("note: --window-size and --show-options have no effect: there is no window");
        }
        if (bgrToRgb) {
            spec.commandLine().getErr().println("note: --bgr2rgb has no effect: pictures have their true colours");
        }
    }

    private static String label(Dataset dataset, int index) {
        List<String> names = dataset.classes();
        return switch (dataset.labels()) {
            case Labels.SingleLabel one -> names.get(one.classIndex(index));
            case Labels.MultiLabel several ->
                IntStream.range(0, several.classes())
                        .filter(k -> several.value(index, k) != 0)
                        .mapToObj(k -> names.get(k) + (several.value(index, k) < 0 ? " (difficult)" : ""))
                        .collect(Collectors.joining(", "));
        };
    }

    private static String name(Dataset dataset, int index) {
        String name = dataset.sample(index).name();
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private List<StepSheet.Cell> cells(List<Frame> frames, Mode mode) {
        List<Frame> shown = switch (mode) {
            case ORIGINAL -> List.of(frames.getFirst());
            case TRANSFORMED -> List.of(transformed(frames));
            case CONCAT -> List.of(frames.getFirst(), transformed(frames));
            case PIPELINE -> frames;
        };
        List<StepSheet.Cell> cells = new ArrayList<>();
        for (Frame frame : shown) {
            BufferedImage picture = frame.picture();
            cells.add(new StepSheet.Cell(
                    adaptive ? scaled(picture) : picture,
                    "%s  %d × %d".formatted(frame.step(), picture.getWidth(), picture.getHeight())));
        }
        return cells;
    }

    /** By mmcls's adaptive_size: too small or too large edges decide, the larger one last. */
    private BufferedImage scaled(BufferedImage picture) {
        int low = Math.min(picture.getWidth(), picture.getHeight());
        int high = Math.max(picture.getWidth(), picture.getHeight());
        double scale = low < shortest ? (double) shortest / low : 1;
        scale = high * scale > longest ? (double) longest / high : scale;
        if (scale == 1) {
            return picture;
        }
        int width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
        BufferedImage out = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = out.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.drawImage(picture, 0, 0, width, height, null);
        g.dispose();
        return out;
    }

    private static Frame transformed(List<Frame> frames) {
        return new Frame("transformed", frames.getLast().picture());
    }
}
