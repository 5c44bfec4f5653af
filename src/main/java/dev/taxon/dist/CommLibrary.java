package dev.taxon.dist;

import dev.taxon.natives.NativeLibrary;
import dev.taxon.natives.Platform;
import java.lang.invoke.MethodHandle;

/** The functions of {@code native/include/taxon_comm.h}. Loaded when a job is opened, never before. */
final class CommLibrary {
    private static final NativeLibrary LIBRARY = load();

    // enum taxon_comm_lane
    static final int SMALL = 0;
    static final int GRADIENTS = 1;

    static final MethodHandle OPEN = LIBRARY.function("taxon_comm_open", "PA");
    static final MethodHandle ERROR = LIBRARY.function("taxon_comm_error", "S");
    static final MethodHandle VERSION = LIBRARY.function("taxon_comm_version", "SP");
    static final MethodHandle START = LIBRARY.function("taxon_comm_start", "IP");
    static final MethodHandle RANK = LIBRARY.function("taxon_comm_rank", "IP");
    static final MethodHandle SIZE = LIBRARY.function("taxon_comm_size", "IP");
    static final MethodHandle FINISH = LIBRARY.function("taxon_comm_finish", "IP");
    static final MethodHandle ABORT = LIBRARY.function("taxon_comm_abort", "VPI");
    static final MethodHandle LISTEN = LIBRARY.function("taxon_comm_listen", "I");
    static final MethodHandle CONTINUED = LIBRARY.function("taxon_comm_continued", "J");
    static final MethodHandle BROADCAST = LIBRARY.function("taxon_comm_broadcast", "IPIPJI");
    static final MethodHandle ALL_GATHER = LIBRARY.function("taxon_comm_all_gather", "IPIPPJ");
    static final MethodHandle SCATTER_PARTS = LIBRARY.function("taxon_comm_scatter_parts", "IPIPPJI");
    static final MethodHandle GATHER_PARTS = LIBRARY.function("taxon_comm_gather_parts", "IPIPJI");
    static final MethodHandle TEST = LIBRARY.function("taxon_comm_test", "IPI");
    static final MethodHandle PART = LIBRARY.function("taxon_comm_part", "JJI");
    static final MethodHandle SEND = LIBRARY.function("taxon_comm_send", "IPPJI");
    static final MethodHandle RECEIVE = LIBRARY.function("taxon_comm_receive", "IPPJI");
    static final MethodHandle TEST_SEND = LIBRARY.function("taxon_comm_test_send", "IP");
    static final MethodHandle TEST_RECEIVE = LIBRARY.function("taxon_comm_test_receive", "IP");
    static final MethodHandle SUM_ROWS = LIBRARY.function("taxon_sum_rows", "VPPJJF");
    static final MethodHandle SUM_HALF_ROWS = LIBRARY.function("taxon_sum_half_rows", "VPPJJFI");
    static final MethodHandle TO_HALF = LIBRARY.function("taxon_to_half", "VPPJI");
    static final MethodHandle FROM_HALF = LIBRARY.function("taxon_from_half", "VPPJI");

    private CommLibrary() {}

    private static NativeLibrary load() {
        Platform.check("training by several processes", "so it cannot be done here");
        return NativeLibrary.load("libtaxon-comm.so");
    }

    /** A native call with a status. */
    @FunctionalInterface
    interface Call {
        int invoke() throws Throwable;
    }

    /** Makes a call of MPI's; with its default error handler MPI itself ends the job, and says why, before this sees a status. */
    static int check(String what, Call call) {
        int status = value(call);
        if (status != 0) {
            throw new IllegalStateException("MPI error " + status + " in " + what);
        }
        return status;
    }

    static int value(Call call) {
        try {
            return call.invoke();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // what invokeExact declares
            throw new IllegalStateException(e);
        }
    }
}
