package dev.taxon.dist;

import dev.taxon.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The processes that mpirun, mpiexec or srun started. */
public final class MpiCommunicator implements Communicator {
    private static final long PIECE = 256L << 20; // bytes of one broadcast; MPI counts in int
    private static final int NAME = 128; // bytes of a rank's host and process

    private final CommThread thread;
    private final MpiLibrary mpi;
    private final int rank;
    private final int size;
    private final List<String> names;
    private final Watch watch;
    private final Average.Buffers buffers = new Average.Buffers();
    private final Buffer own = new Buffer(); // of sums
    private final Buffer all = new Buffer();

    /**
     * Joins the job; waits until all of its processes have.
     *
     * @param launch who started it
     * @param err gets the sentence that names a lost rank
     * @throws UserError if there is no MPI library, or it sees another number of processes than were started
     */
    public MpiCommunicator(Launch launch, PrintStream err) {
        this(launch, err, Watch.Limits.USUAL);
    }

    MpiCommunicator(Launch launch, PrintStream err, Watch.Limits limits) {
        thread = new CommThread(launch.libraries());
        mpi = thread.mpi();
        rank = mpi.rank();
        size = mpi.size();
        if (size != launch.size()) {
            throw UserError.of(
                    "%s started %d processes, but %s sees %d: it belongs to another MPI than the starter (with Slurm, srun"
                            + " --mpi=pmix or --mpi=pmi2 connects them)",
                    launch.by(), launch.size(), mpi.version(), size);
        }
        names = names();
        watch = new Watch(rank, size, names, limits, err);
        thread.watch(watch);
    }

    private List<String> names() {
        byte[] text = hostAndProcess().getBytes(StandardCharsets.UTF_8);
        List<String> result = new ArrayList<>();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment mine = arena.allocate(NAME);
            MemorySegment.copy(text, 0, mine, ValueLayout.JAVA_BYTE, 0, Math.min(text.length, NAME - 1));
            MemorySegment everyones = arena.allocate((long) NAME * size);
            gatherAll(mine, everyones);
            for (int r = 0; r < size; r++) {
                result.add(everyones.getString((long) r * NAME));
            }
        }
        return result;
    }

    private static String hostAndProcess() {
        return host() + ", process " + ProcessHandle.current().pid();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown host";
        }
    }

    /** Host and process of each rank. */
    public List<String> ranks() {
        return names;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void broadcast(MemorySegment data, int root) {
        for (long at = 0; at < data.byteSize(); at += PIECE) {
            MemorySegment piece = data.asSlice(at, Math.min(PIECE, data.byteSize() - at));
            Transfer transfer = new Transfer() {
                @Override
                void start(MpiLibrary library) {
                    library.broadcast(CommLibrary.SMALL, piece, root);
                }
            };
            thread.submit(CommLibrary.SMALL, transfer).await();
        }
    }

    @Override
    public byte[] broadcast(byte[] data, int root) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_LONG, data.length);
            broadcast(length, root);
            long bytes = length.get(ValueLayout.JAVA_LONG, 0);
            MemorySegment content = arena.allocate(Math.max(1, bytes));
            if (rank == root) {
                MemorySegment.copy(data, 0, content, ValueLayout.JAVA_BYTE, 0, data.length);
            }
            broadcast(content, root);
            return rank == root ? data : content.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    @Override
    public void sum(double[] values) {
        long bytes = (long) values.length * Double.BYTES;
        MemorySegment mine = own.of(bytes);
        MemorySegment everyones = all.of(bytes * size); // (ranks, values)
        MemorySegment.copy(values, 0, mine, ValueLayout.JAVA_DOUBLE, 0, values.length);
        gatherAll(mine, everyones);
        for (int i = 0; i < values.length; i++) {
            double total = everyones.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
            for (int r = 1; r < size; r++) {
                total += everyones.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) r * values.length + i);
            }
            values[i] = total;
        }
    }

    private void gatherAll(MemorySegment mine, MemorySegment everyones) {
        Transfer transfer = new Transfer() {
            @Override
            void start(MpiLibrary library) {
                library.allGather(CommLibrary.SMALL, everyones, mine);
            }
        };
        thread.submit(CommLibrary.SMALL, transfer).await();
    }

    @Override
    public byte[][] gather(byte[] data) {
        byte[][] result = new byte[size][];
        for (int root = 0; root < size; root++) { // their lengths differ
            result[root] = broadcast(root == rank ? data : new byte[0], root);
            active();
        }
        return result;
    }

    @Override
    public Pending average(MemorySegment floats, Compression compression) {
        return thread.submit(CommLibrary.GRADIENTS, new Average(floats, compression, buffers, rank, size));
    }

    /**
     * Ranks that share their processors share them out; a starter that binds each rank to its own cores has done so. A rank's
     * processors are what its scheduling mask says.
     */
    @Override
    public int threads() {
        String mine = machineAndProcessors();
        long sharing = Arrays.stream(gather(mine.getBytes(StandardCharsets.UTF_8)))
                .filter(text -> mine.equals(new String(text, StandardCharsets.UTF_8)))
                .count();
        return (int) Math.max(1, Runtime.getRuntime().availableProcessors() / sharing);
    }

    private static String machineAndProcessors() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String processors = lines.filter(line -> line.startsWith("Cpus_allowed_list"))
                    .findFirst()
                    .orElse("");
            return host() + " " + processors;
        } catch (IOException e) {
            return host();
        }
    }

    @Override
    public void active() {
        watch.active();
    }

    @Override
    public void patiently(Runnable work) {
        watch.patient(true);
        try {
            work.run();
        } finally {
            watch.patient(false);
        }
    }

    @Override
    public boolean ending() {
        return thread.ending();
    }

    @Override
    public void abort(int exitCode) {
        thread.abort(exitCode);
    }

    @Override
    public String describe() {
        return "%s, %d processes: %s".formatted(mpi.version(), size, String.join("; ", names));
    }

    @Override
    public void close() {
        thread.close();
        own.close();
        all.close();
        buffers.parts.close();
        buffers.halves.close();
    }
}
