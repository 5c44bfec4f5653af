package dev.taxon.dist;

import static dev.taxon.dist.CommLibrary.check;
import static dev.taxon.dist.CommLibrary.value;

import dev.taxon.UserError;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** MPI, opened. Every call comes from the thread that started it. */
final class MpiLibrary {
    private final long handle;

    private MpiLibrary(long handle) {
        this.handle = handle;
    }

    /** Opens the first library that there is. @throws UserError if there is none */
    static MpiLibrary open(List<String> names) {
        String reason = "";
        try (Arena arena = Arena.ofConfined()) {
            for (String name : names) {
                long handle = (long) CommLibrary.OPEN.invokeExact(arena.allocateFrom(name));
                if (handle != 0) {
                    return new MpiLibrary(handle);
                }
                reason = ((MemorySegment) CommLibrary.ERROR.invokeExact()).getString(0);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        throw UserError.of(
                "--launcher mpi needs an MPI library, and none of %s can be opened (%s); on Debian and Ubuntu: apt install"
                        + " openmpi-bin",
                String.join(", ", names), reason);
    }

    /** The first line of what the library says of itself. */
    String version() {
        try {
            String text = ((MemorySegment) CommLibrary.VERSION.invokeExact(handle)).getString(0);
            return text.lines()
                    .findFirst()
                    .orElse("MPI")
                    .replaceFirst(", package.*", "")
                    .replaceAll("\\s+", " ");
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void start() {
        check("MPI_Init", () -> (int) CommLibrary.START.invokeExact(handle));
        check("sigaction", () -> (int) CommLibrary.LISTEN.invokeExact());
    }

    /** How often SIGCONT came. */
    long continued() {
        try {
            return (long) CommLibrary.CONTINUED.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    int rank() {
        return value(() -> (int) CommLibrary.RANK.invokeExact(handle));
    }

    int size() {
        return value(() -> (int) CommLibrary.SIZE.invokeExact(handle));
    }

    void finish() {
        check("MPI_Finalize", () -> (int) CommLibrary.FINISH.invokeExact(handle));
    }

    void abort(int code) {
        try {
            CommLibrary.ABORT.invokeExact(handle, code);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void broadcast(int lane, MemorySegment data, int root) {
        long bytes = data.byteSize();
        check("MPI_Ibcast", () -> (int) CommLibrary.BROADCAST.invokeExact(handle, lane, data.address(), bytes, root));
    }

    void allGather(int lane, MemorySegment all, MemorySegment own) {
        long bytes = own.byteSize();
        check("MPI_Iallgather", () ->
                (int) CommLibrary.ALL_GATHER.invokeExact(handle, lane, all.address(), own.address(), bytes));
    }

    void scatterParts(int lane, MemorySegment parts, MemorySegment data, long count, int element) {
        check("MPI_Ialltoallv", () -> (int)
                CommLibrary.SCATTER_PARTS.invokeExact(handle, lane, parts.address(), data.address(), count, element));
    }

    void gatherParts(int lane, MemorySegment data, long count, int element) {
        check("MPI_Iallgatherv", () ->
                (int) CommLibrary.GATHER_PARTS.invokeExact(handle, lane, data.address(), count, element));
    }

    /** Whether the transfer of a lane is done. */
    boolean test(int lane) {
        return done(value(() -> (int) CommLibrary.TEST.invokeExact(handle, lane)));
    }

    void send(MemorySegment data, int to) {
        long bytes = data.byteSize();
        check("MPI_Isend", () -> (int) CommLibrary.SEND.invokeExact(handle, data.address(), bytes, to));
    }

    void receive(MemorySegment data, int from) {
        long bytes = data.byteSize();
        check("MPI_Irecv", () -> (int) CommLibrary.RECEIVE.invokeExact(handle, data.address(), bytes, from));
    }

    boolean sent() {
        return done(value(() -> (int) CommLibrary.TEST_SEND.invokeExact(handle)));
    }

    boolean received() {
        return done(value(() -> (int) CommLibrary.TEST_RECEIVE.invokeExact(handle)));
    }

    private static boolean done(int status) {
        if (status < 0) {
            throw new IllegalStateException("MPI error " + -status + " in a transfer");
        }
        return status == 1;
    }

    static long part(long count, int size) {
        try {
            return (long) CommLibrary.PART.invokeExact(count, size);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
