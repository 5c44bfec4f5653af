package dev.taxon.cli;

import dev.taxon.GradCam;
import dev.taxon.Picture;
import dev.taxon.UserError;
import dev.taxon.cam.ActivationMap;
import dev.taxon.cam.CamMethod;
import dev.taxon.cam.CamRun;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.config.Config;
import dev.taxon.graph.Node;
import dev.taxon.report.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws what a prediction rests on. */
@Command(
        name = "cam",
        mixinStandardHelpOptions = true,
        description = {
            "Draws where in an image a model sees a class: a class activation map over the image, red where it counts most.",
            "",
            "Layers have PyTorch's names, as --preview-model lists them; a block's name is its last layer. By default it is"
                    + " the last norm layer, which is what mmcls takes."
        },
        footer = {
            "",
            "  engine cam cat.jpg resnet50.py resnet50.pth",
            "  engine cam cat.jpg resnet50.py resnet50.pth --method LayerCAM --target-layers backbone.layer3 --out cat.png",
            "  engine cam cat.jpg resnet50.py resnet50.pth --target-category 281 282"
        })
final class CamCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "IMAGE", description = "an image file")
    private Path image = Path.of("");

    @Parameters(index = "1", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Parameters(index = "2", paramLabel = "CHECKPOINT", description = CheckpointName.DESCRIPTION)
    private String checkpoint = "";

    @Option(
            names = {"--out", "--save-path"},
            paramLabel = "FILE.png",
            description = "the picture to write; by default IMAGE's name with _cam.png in this folder")
    private @Nullable Path out;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "GradCAM",
            description = "GradCAM (default), GradCAM++, XGradCAM, EigenCAM, EigenGradCAM or LayerCAM")
    private String method = "GradCAM";

    @Option(
            names = "--target-layers",
            arity = "1..*",
            paramLabel = "NAME",
            description =
                    "layers, such as backbone.layer4 or backbone.layer4[-1].conv2; several make the mean of their maps")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--target-category",
            arity = "1..*",
            paramLabel = "K",
            description = "indices of classes, a picture each; by default the predicted one")
    private List<Integer> labels = new ArrayList<>();

    @Option(names = "--preview-model", description = "list the layers and stop")
    private boolean preview;

    @Option(names = "--eigen-smooth", description = "less noise: the first principal component instead of the sum")
    private boolean eigenSmooth;

    @Option(names = "--aug-smooth", description = "smoother: the mean over six variants of the image")
    private boolean augSmooth;

    @Option(names = "--vit-like", description = "layers of tokens are known without this flag of mmcls's")
    private boolean vitLike;

    @Option(
            names = "--num-extra-tokens",
            paramLabel = "N",
            description = "tokens that stand for no place of the image; by default the network's class token, if any")
    private @Nullable Integer extraTokens;

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        CamRun.Settings settings = new CamRun.Settings(CamMethod.of(method), eigenSmooth, augSmooth);
        GradCam.Request request = new GradCam.Request(layers, labels, extraTokens, settings);
        Config loaded = overrides.load(config);
        Path file = Hub.standard(Progress.console()).locate(checkpoint);
        try (GradCam cam = GradCam.load(loaded, file, device.device())) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(cam.device());
            cam.notes().forEach(err::println);
            if (preview) {
                cam.layers().forEach(this::print);
                return;
            }
            UserError.require(
                    !vitLike || cam.layers().stream().anyMatch(l -> l.shape().rank() == 2),
                    "--vit-like: this network has no layers of tokens; leave it out");
            GradCam.Explanation explanation = cam.explain(Picture.of(image), request);
            for (ActivationMap map : explanation.maps()) {
                Path picture = picture(map.label(), explanation.maps().size() > 1);
                write(map, picture);
                spec.commandLine()
                        .getOut()
                        .printf(
                                "%s of class %d (%s, score %.4f) at %s: %s%n",
                                settings.method().title(),
                                map.label(),
                                cam.classes().get(map.label()),
                                explanation.prediction().score(map.label()),
                                String.join(", ", explanation.layers()),
                                picture);
            }
        }
    }

    private void print(Node layer) {
        spec.commandLine()
                .getOut()
                .printf(
                        "%-48s %-14s %s%n",
                        layer.name(), layer.layer().getClass().getSimpleName(), layer.shape());
    }

    private Path picture(int label, boolean several) {
        String name = image.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        Path base = out == null ? Path.of(name + "_cam.png") : out;
        String file = base.getFileName().toString();
        return several ? base.resolveSibling(file.replaceFirst("(\\.[^.]*)?$", "_" + label + "$1")) : base;
    }

    private static void write(ActivationMap map, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        UserError.require(
                folder != null && Files.isDirectory(folder),
                "the folder of --out %s does not exist; make it first",
                file);
        String name = file.toString();
        String format = name.substring(name.lastIndexOf('.') + 1);
        try {
            UserError.require(
                    ImageIO.write(map.overlay(), format, file.toFile()),
                    "--out must end in .png or .jpg, got %s",
                    file);
        } catch (IOException e) {
            throw new UserError(file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
