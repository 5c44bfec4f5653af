package dev.taxon.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command computes. */
final class DeviceOptions {
    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu (default) or reference")
    private @Nullable String device;

    @Nullable
    String device() {
        return device;
    }
}
