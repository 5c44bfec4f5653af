package dev.taxon.cli;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Labels;
import dev.taxon.data.survey.PipelineSteps;
import dev.taxon.data.survey.PipelineSteps.Frame;
import dev.taxon.report.PictureFile;
import dev.taxon.report.Progress;
import dev.taxon.report.StepSheet;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        footer = {"", "Example:", "  engine browse CONFIG --mode pipeline --number 6 --out sheet.png"})
final class BrowseCommand implements Runnable {
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

    @Option(names = "--out", paramLabel = "FILE", description = "picture to write; default: ${DEFAULT-VALUE}")
    private Path out = Path.of("sheet.png");

    @Option(names = "--number", paramLabel = "N", description = "images to show; default: ${DEFAULT-VALUE}")
    private int number = 12;

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

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Mode shown = Arrays.stream(Mode.values())
                .filter(m -> m.name().toLowerCase(Locale.ROOT).equals(mode))
                .findFirst()
                .orElseThrow(
                        () -> UserError.of("--mode must be original, transformed, concat or pipeline, got '%s'", mode));
        UserError.require(number > 0, "--number must be positive, got %d", number);
        try (Dataset dataset = input.open()) {
            PipelineSteps steps = new PipelineSteps(input.fields(), hidden);
            int count = Math.min(number, dataset.size());
            StepSheet sheet = new StepSheet("%s: %d of %,d images".formatted(dataset.name(), count, dataset.size()));
            Progress progress = Progress.console();
            for (int i = 0; i < count; i++) {
                int index = (int) ((long) i * dataset.size() / count);
                sheet.add(
                        label(dataset, index), name(dataset, index), cells(steps.frames(dataset, index, seed), shown));
                int done = i + 1;
                progress.draw(() -> "Drawing: %d/%d".formatted(done, count));
            }
            progress.clear();
            PictureFile.write(sheet.picture(), out);
            spec.commandLine().getOut().println(count + " images are in " + out);
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

    private static List<StepSheet.Cell> cells(List<Frame> frames, Mode mode) {
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
                    picture, "%s  %d × %d".formatted(frame.step(), picture.getWidth(), picture.getHeight())));
        }
        return cells;
    }

    private static Frame transformed(List<Frame> frames) {
        return new Frame("transformed", frames.getLast().picture());
    }
}
