package dev.taxon.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who started a process, by what they leave in the environment. */
class LaunchTest {
    @Test
    void openMpi() {
        Launch launch = Launch.of(Map.of("OMPI_COMM_WORLD_SIZE", "4"));
        assertEquals("mpirun", launch.by());
        assertEquals(4, launch.size());
        assertEquals("libmpi.so.40", launch.libraries().getFirst());
    }

    @Test
    void mpich() {
        Launch launch = Launch.of(Map.of("PMI_SIZE", "2", "PMI_RANK", "1"));
        assertEquals("mpiexec", launch.by());
        assertEquals("libmpi.so.12", launch.libraries().getFirst());
    }

    @Test
    void slurm() {
        Launch launch = Launch.of(Map.of("SLURM_PROCID", "0", "SLURM_NTASKS", "8", "PMI_SIZE", "8"));
        assertEquals("srun", launch.by());
        assertEquals(8, launch.size());
    }

    @Test
    void nobody() {
        Launch launch = Launch.of(Map.of("SLURM_NTASKS", "8")); // inside salloc, but not started by srun
        assertEquals(1, launch.size());
        launch.requireAlone();
    }

    /** One sentence names the package. */
    @Test
    void withoutAnMpiLibrary() {
        UserError error = assertThrows(UserError.class, () -> MpiLibrary.open(List.of("libnone.so.1", "libnone.so")));
        assertTrue(error.getMessage().contains("apt install openmpi-bin"), error.getMessage());
        assertTrue(error.getMessage().contains("libnone.so.1, libnone.so"), error.getMessage());
    }

    @Test
    void severalThatKnowNothingOfEachOtherAreRefused() {
        UserError error = assertThrows(
                UserError.class,
                () -> Launch.of(Map.of("OMPI_COMM_WORLD_SIZE", "2")).requireAlone());
        assertTrue(error.getMessage().contains("add --launcher mpi"), error.getMessage());
    }
}
