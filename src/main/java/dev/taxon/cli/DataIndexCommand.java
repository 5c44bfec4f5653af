package dev.taxon.cli;

import dev.taxon.data.archive.Archive;
import dev.taxon.report.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Indexes archives. */
@Command(
        name = "index",
        mixinStandardHelpOptions = true,
        description =
                "Indexes archives (tar, tar of tars as ILSVRC2012's, zip), so that training reads images where they lie. "
                        + "A .tar.gz is expanded once to a .tar beside it. The index, ARCHIVE.taxon-index, lies beside the archive, or in "
                        + "~/.cache/taxon where that folder may not be written. It is made anew when the archive changes, and by itself "
                        + "when a config names an archive that has none.",
        footer = {
            "",
            "In a config an archive is a folder: data_prefix='data/pets.tar/train' is the folder train within pets.tar.",
            "",
            "Example:",
            "  engine data index data/imagenet/ILSVRC2012_img_train.tar"
        })
final class DataIndexCommand implements Runnable {
    @Parameters(arity = "1..*", paramLabel = "ARCHIVE", description = "archives")
    private List<Path> archives = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        for (Path file : archives) {
            long start = System.nanoTime();
            try (Archive archive = Archive.open(file, Progress.console())) {
                spec.commandLine()
                        .getOut()
                        .println(String.format(
                                Locale.ROOT,
                                "%s: %,d members, ready in %.2f s",
                                archive.file(),
                                archive.size(),
                                (System.nanoTime() - start) / 1e9));
            }
        }
    }
}
