package dev.taxon.cli;

import dev.taxon.data.fetch.ImageNetFolder;
import dev.taxon.report.Progress;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lays out ILSVRC2012. */
@Command(
        name = "imagenet",
        mixinStandardHelpOptions = true,
        description =
                "Makes a folder with the archives of ILSVRC2012 ready for training: says which are missing and how they are had, "
                        + "checks them, takes the lists of images out of caffe_ilsvrc12.tar.gz, and indexes the archives, which are read "
                        + "where they lie. The images may not be passed on, so the two large ones must be downloaded by hand.",
        footer = {
            "",
            "Afterwards this trains, with --cfg-options on top of any config for ImageNet:",
            "  data.train.data_prefix=DIR/ILSVRC2012_img_train.tar",
            "  data.val.data_prefix=DIR/ILSVRC2012_img_val.tar data.val.ann_file=DIR/meta/val.txt"
        })
final class DataImageNetCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "DIR", description = "folder with the archives, such as data/imagenet")
    private Path folder = Path.of("");

    @Option(names = "--md5", description = "check the large archives by their checksums, too: reads all 145 GB")
    private boolean checksums;

    @Option(
            names = "--unpack",
            description = "unpack the images to DIR/train and DIR/val, as mmcls wants them, and leave the archives")
    private boolean unpack;

    @Option(names = "--no-fetch", description = "do not download caffe_ilsvrc12.tar.gz (17 MB) when it is missing")
    private boolean offline;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        ImageNetFolder layout = new ImageNetFolder(folder, Progress.console());
        layout.prepare(checksums, unpack, !offline).forEach(spec.commandLine().getOut()::println);
    }
}
