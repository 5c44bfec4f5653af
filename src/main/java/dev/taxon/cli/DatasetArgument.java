package dev.taxon.cli;

import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.train.DataSpec;
import dev.taxon.train.InputData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A data set on the command line: that of a config, or a folder or archive with a sub-folder a class. */
final class DatasetArgument {
    @Parameters(
            index = "0",
            paramLabel = "CONFIG|DIR",
            description =
                    "config file (.py, .json or .yaml), or a folder or archive that has " + "a sub-folder a class")
    private Path input = Path.of("");

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Option(
            names = "--phase",
            paramLabel = "PHASE",
            description = "which data set of the config: train, val or test; default: ${DEFAULT-VALUE}")
    private String phase = "train";

    /** The data set, which the caller closes. */
    Dataset open() {
        UserError.require(
                phase.equals("train") || phase.equals("val") || phase.equals("test"),
                "--phase must be train, val or test, got '%s'",
                phase);
        return InputData.open(fields(), !phase.equals("train"));
    }

    /** Its dict. */
    Fields fields() {
        if (Files.isRegularFile(input) && input.toString().matches("(?i).*\\.(py|json|ya?ml)")) {
            Config config = overrides.load(input);
            DataSpec data = DataSpec.of(config.fields());
            Fields fields = phase.equals("train") ? data.train() : phase.equals("val") ? data.val() : data.test();
            if (fields == null) {
                throw UserError.of("%s has no data.%s", input, phase);
            }
            return fields;
        }
        UserError.require(
                existsUpTo(input),
                "%s: there is no such file or folder; expected a config (.py, .json or .yaml), a folder with a sub-folder a"
                        + " class, or an archive of one",
                input);
        Position at = Position.argument(input.toString());
        Map<String, Value> entries = new LinkedHashMap<>();
        entries.put("type", new Value.Text("CustomDataset", at));
        entries.put("data_prefix", new Value.Text(input.toString(), at));
        return new Fields(new Value.Dict(entries, at), "");
    }

    /** Whether it is there, or leads into a file: an archive, which knows more. */
    private static boolean existsUpTo(Path path) {
        for (Path at = path.toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at)) {
                return at.equals(path.toAbsolutePath()) || Files.isRegularFile(at);
            }
        }
        return false;
    }
}
