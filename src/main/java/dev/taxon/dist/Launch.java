package dev.taxon.dist;

import dev.taxon.UserError;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How this process was started, as the environment tells.
 *
 * @param by the starter's name; null: nobody started several
 * @param size processes of the job
 * @param libraries names of the MPI library, the starter's own first
 */
public record Launch(@Nullable String by, int size, List<String> libraries) {
    private static final String OPEN_MPI = "libmpi.so.40";
    private static final List<String> MPICH = List.of("libmpi.so.12", "libmpich.so.12");

    /** Reads what Open MPI's, MPICH's and Slurm's starters leave. */
    public static Launch of(Map<String, String> environment) {
        String openMpi = environment.get("OMPI_COMM_WORLD_SIZE");
        if (openMpi != null) {
            return new Launch("mpirun", number(openMpi), List.of(OPEN_MPI, "libmpi.so"));
        }
        String slurm = environment.get("SLURM_PROCID") == null ? null : environment.get("SLURM_NTASKS");
        String pmi = environment.get("PMI_SIZE");
        if (pmi != null && slurm == null) {
            return new Launch("mpiexec", number(pmi), List.of(MPICH.get(0), MPICH.get(1), "libmpi.so"));
        }
        List<String> any = List.of("libmpi.so", OPEN_MPI, MPICH.get(0), MPICH.get(1));
        return slurm == null ? new Launch(null, 1, any) : new Launch("srun", number(slurm), any);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new UserError(
                    "the environment says that the job has '" + text + "' processes; it should be a number", e);
        }
    }

    /** Refuses to train as one of several processes that know nothing of each other. */
    public void requireAlone() {
        UserError.require(
                size == 1 || by == null || by.equals("srun"), // srun starts single tasks of larger jobs, too
                "%s started %d of these, and without --launcher mpi each would do all of the work; add --launcher mpi",
                by,
                size);
    }
}
