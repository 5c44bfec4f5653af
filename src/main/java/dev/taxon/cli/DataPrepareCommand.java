package dev.taxon.cli;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.FileDataset;
import dev.taxon.data.survey.Packing;
import dev.taxon.report.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
                        + "the place of the folder: data_prefix='OUT'. VOC's annotations come along; of wrapped data sets each image comes once."
                        + " Without --short all bytes are kept, and so are all results.",
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
        Packing packing = new Packing(shortSide, quality, threads, Progress.console());
        UserError.require(!Files.isDirectory(out), "%s is a folder; expected the name of a file to write", out);
        try (Dataset dataset = input.open()) {
            List<FileDataset> files = new ArrayList<>();
            for (Dataset stored : dataset.stored()) {
                if (!(stored instanceof FileDataset file)) {
                    throw UserError.of("%s cannot be packed: its images are no files of their own", stored.name());
                }
                files.add(file);
            }
            if (!dataset.stored().equals(List.of(dataset))) {
                spec.commandLine().getErr().println("note: packed is all that " + dataset.name() + " may choose from");
            }
            Packing.Packed packed = packing.write(files, out);
            spec.commandLine()
                    .getOut()
                    .println(String.format(
                            Locale.ROOT, "%,d images, %,d MB: %s", packed.images(), packed.bytes() >> 20, out));
        }
    }
}
