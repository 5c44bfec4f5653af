package dev.taxon.cli;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.FileDataset;
import dev.taxon.data.survey.Preparation;
import dev.taxon.report.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Packs a data set into one file. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        description =
                "Packs the images of a data set into one file that reads sequentially, with a checksum of each. The file takes "
                        + "the place of the folder: data_prefix='OUT'. Without --short all bytes are kept, and so are all results.",
        footer = {
            "",
            "Examples:",
            "  engine data prepare data/imagenet/train.tar data/train.pack --short 256 --quality 90",
            "  engine data prepare CONFIG val.pack --phase val"
        })
final class DataPrepareCommand implements Runnable {
    @Mixin
    private DatasetArgument input = new DatasetArgument();

    @Parameters(index = "1", paramLabel = "OUT", description = "file to write, such as train.pack")
    private Path out = Path.of("");

    @Option(
            names = "--short",
            paramLabel = "PIXELS",
            description = "make the short side of larger images this small, as JPEG; by default they stay as they are")
    private int shortSide;

    @Option(names = "--quality", paramLabel = "1-100", description = "of those JPEGs; default: ${DEFAULT-VALUE}")
    private int quality = 92;

    @Option(names = "--num-process", paramLabel = "N", description = "threads; default: one a processor")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Preparation preparation = new Preparation(shortSide, quality, threads, Progress.console());
        UserError.require(!Files.isDirectory(out), "%s is a folder; expected the name of a file to write", out);
        try (Dataset dataset = input.open()) {
            if (!(dataset instanceof FileDataset files)) {
                throw UserError.of(
                        "%s cannot be packed: expected a data set of image files that is not within another",
                        dataset.name());
            }
            UserError.require(
                    !dataset.name().equals("VOC"),
                    "VOC cannot be packed: its annotations lie beside its images; a .tar of its folder reads as well");
            long bytes = preparation.write(files, out);
            spec.commandLine()
                    .getOut()
                    .println(String.format(Locale.ROOT, "%,d images, %,d MB: %s", dataset.size(), bytes >> 20, out));
        }
    }
}
