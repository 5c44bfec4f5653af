package dev.taxon.cli;

import picocli.CommandLine.Option;

/** Flags of every command that trains. */
final class TrainingOptions {
    @Option(names = "--no-validate", description = "do not evaluate while training")
    private boolean noValidate;

    @Option(names = "--deterministic", description = "runs are so without it, too")
    private boolean deterministic;

    /** Whether to evaluate as it goes. */
    boolean validates() {
        return !noValidate;
    }

    boolean deterministic() {
        return deterministic;
    }
}
