package dev.taxon.cli;

import static dev.taxon.UserError.require;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** mmcls's flags about several processes and GPUs. Accepted where one process can do what they ask for. */
final class LauncherOptions {
    @Option(
            names = "--launcher",
            paramLabel = "NAME",
            description = "none; mmcls's other launchers start several processes, which Taxon does not yet")
    private String launcher = "none";

    @Option(names = "--gpu-collect", description = "no effect: one process has all results")
    private boolean gpuCollect;

    @Option(names = "--tmpdir", paramLabel = "DIR", description = "no effect: one process has all results")
    private @Nullable String tmpdir;

    @Option(names = "--gpu-id", paramLabel = "N", description = "no effect: --device says where to compute")
    private @Nullable Integer gpuId;

    @Option(names = "--gpu-ids", arity = "1..*", paramLabel = "N", description = "as --gpu-id; deprecated in mmcls")
    private @Nullable List<Integer> gpuIds;

    @Option(
            names = {"--local_rank", "--local-rank"},
            hidden = true)
    private int localRank;

    /** Says what has no effect. @throws dev.taxon.UserError for what cannot be done */
    void check(PrintWriter err) {
        require(
                launcher.equals("none"),
                "--launcher %s starts several processes, which this version of Taxon does not; leave it out",
                launcher);
        require(localRank == 0, "--local_rank must be 0: there is one process, got %d", localRank);
        if (gpuCollect || tmpdir != null) {
            err.println("note: --gpu-collect and --tmpdir have no effect: one process has all results");
        }
        if (gpuId != null || gpuIds != null) {
            err.println("note: --gpu-id and --gpu-ids have no effect: --device says where to compute");
        }
    }
}
