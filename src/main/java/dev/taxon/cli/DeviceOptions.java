package dev.taxon.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command computes. */
final class DeviceOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "cpu, cuda:N (a GPU), or reference; default: the first GPU that can be used, else the CPU")
    private @Nullable String device;

    @Nullable
    String device() {
        return device;
    }
}
