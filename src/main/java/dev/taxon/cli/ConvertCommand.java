package dev.taxon.cli;

import dev.taxon.UserError;
import dev.taxon.checkpoint.Conversion;
import dev.taxon.checkpoint.KeyMap;
import dev.taxon.checkpoint.RepVggFusion;
import dev.taxon.checkpoint.StateDict;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.checkpoint.names.Families;
import dev.taxon.checkpoint.names.Family;
import dev.taxon.config.Config;
import dev.taxon.graph.Layer;
import dev.taxon.model.ImageClassifier;
import dev.taxon.report.Progress;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes weights under mmcls's names, or in the other format. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = "Writes weights anew: torchvision's or timm's names as mmcls's, a prefix more or less, .pth as"
                + " .safetensors or back, a RepVGG in its deployed form.")
final class ConvertCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "SRC", description = CheckpointName.DESCRIPTION)
    private String source = "";

    @Parameters(index = "1", paramLabel = "DST", description = "the result: NAME.pth or NAME.safetensors")
    private Path target = Path.of("");

    @Option(names = "--from", paramLabel = "LIBRARY", description = "whose names SRC has: torchvision or timm")
    private @Nullable String library;

    @Option(
            names = "--arch",
            paramLabel = "NAME",
            description = "architecture of SRC, such as resnet50; by default its names tell")
    private String arch = "";

    @Option(names = "--add-prefix", paramLabel = "PREFIX", description = "put before each name, such as backbone.")
    private @Nullable String added;

    @Option(names = "--strip-prefix", paramLabel = "PREFIX", description = "taken from each name that has it")
    private @Nullable String stripped;

    @Option(
            names = "--deploy",
            paramLabel = "CONFIG",
            description = "fuse each block of a RepVGG that this config trains into one convolution (deploy=True)")
    private @Nullable Path deployed;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        UserError.require(library != null || arch.isEmpty(), "--arch %s needs --from torchvision or timm", arch);
        Path file = Hub.standard(Progress.console()).locate(source);
        int entries = Conversion.convert(file, target, this::rename);
        spec.commandLine().getOut().println("Wrote " + entries + " entries to " + target);
    }

    private StateDict rename(StateDict dict) {
        StateDict renamed = dict;
        if (stripped != null) {
            renamed = KeyMap.of("^" + Pattern.quote(stripped), "").rename(renamed);
        }
        if (library != null) {
            Family family = Families.of(library, arch, renamed.names());
            spec.commandLine().getOut().println("Names of " + family.title() + " become mmcls's");
            renamed = family.translate(renamed);
        }
        renamed = added == null ? renamed : renamed.within(added);
        return deployed == null ? renamed : RepVggFusion.toDeploy(renamed, eps(deployed));
    }

    /** What the config's batch norms add to the variance. */
    private static double eps(Path config) {
        ImageClassifier model =
                ImageClassifier.read(Config.load(config).fields().dict("model"));
        return model.graph(model.exampleInput()).nodes().stream()
                .mapMultiToDouble((node, found) -> {
                    if (node.layer() instanceof Layer.BatchNorm2d norm) {
                        found.accept(norm.eps());
                    }
                })
                .findFirst()
                .orElseThrow(() -> UserError.of(
                        "%s has no batch norm, so nothing to fuse; give the config that" + " trains the model",
                        config));
    }
}
