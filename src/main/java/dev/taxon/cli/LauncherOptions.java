package dev.taxon.cli;

import static dev.taxon.UserError.require;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** mmcls's flags about several processes and GPUs. Accepted where one process can do what they ask for. */
final class LauncherOptions {
    @Mixin
    private Ranks ranks = new Ranks();

    @Option(names = "--gpu-collect", description = "no effect: results are gathered in memory")
    private boolean gpuCollect;

    @Option(names = "--tmpdir", paramLabel = "DIR", description = "no effect: results are gathered in memory")
    private @Nullable String tmpdir;

    @Option(names = "--gpu-id", paramLabel = "N", description = "no effect: --device says where to compute")
    private @Nullable Integer gpuId;

    @Option(names = "--gpu-ids", arity = "1..*", paramLabel = "N", description = "as --gpu-id; deprecated in mmcls")
    private @Nullable List<Integer> gpuIds;

    /** The processes that there are. */
    Ranks ranks() {
        return ranks;
    }

    /** Refuses several processes, for a command that is for one. */
    void requireAlone(String command) {
        require(!ranks.distributed(), "%s runs in one process; leave --launcher out", command);
    }

    /** Says what has no effect. @throws dev.taxon.UserError for what cannot be done */
    void check(PrintWriter err) {
        ranks.check();
        if (gpuCollect || tmpdir != null) {
            err.println("note: --gpu-collect and --tmpdir have no effect: results are gathered in memory");
        }
        if (gpuId != null || gpuIds != null) {
            err.println("note: --gpu-id and --gpu-ids have no effect: --device says where to compute");
        }
    }
}
