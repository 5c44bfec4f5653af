package dev.taxon.cli;

import dev.taxon.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Overrides of config values, which every command that takes a config shares. */
final class ConfigOptions {
    @Option(
            names = {"--cfg-options", "--options"},
            arity = "1..*",
            paramLabel = "KEY=VALUE",
            description = "override config values, such as optimizer.lr=0.02 or data.train.pipeline.0.size=64")
    private List<String> overrides = new ArrayList<>();

    /** A config with its overrides. */
    Config load(Path config) {
        return Config.load(config).with(overrides);
    }
}
