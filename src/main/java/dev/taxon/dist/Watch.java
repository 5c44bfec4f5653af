package dev.taxon.dist;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Beats in a ring: every second each rank tells the next one that it lives, how many transfers it has asked for, and whether it is
 * at work. A rank that says nothing for {@link Limits#silence}, or lets others wait for {@link Limits#stall} without work, ends the job, with a
 * sentence that names it: never a silent hang.
 */
final class Watch {
    /** Exit code of a job that lost a rank; sysexits.h calls it EX_TEMPFAIL: another start may succeed. */
    static final int EXIT_LOST = 75;

    private static final long SECOND = 1_000_000_000L; // ns
    private static final long BEAT = SECOND;
    private static final int CPU_TICKS = 10; // of 10 ms: a tenth of the time between two beats

    private static final int TRANSFERS = 0; // fields of a beat
    private static final int ACTIVITY = 1;
    private static final int STATE = 2;
    private static final int FIELDS = 3;

    private static final long WORKING = 0; // states
    private static final long PATIENT = 1;
    private static final long CLOSED = 2;

    /**
     * When a rank is lost.
     *
     * @param silence seconds without a beat
     * @param stall seconds in which it lets others wait and does nothing
     */
    record Limits(int silence, int stall) {
        static final Limits USUAL = new Limits(15, 25);

        /** A process that was itself stopped for so long, in ns, has heard nothing, which says nothing. */
        long ownPause() {
            return silence * SECOND / 3;
        }
    }

    private final int rank;
    private final int size;
    private final List<String> names;
    private final Limits limits;
    private final PrintStream err;
    private final MemorySegment outgoing = Arena.global().allocate(ValueLayout.JAVA_LONG, FIELDS);
    private final MemorySegment incoming = Arena.global().allocate(ValueLayout.JAVA_LONG, FIELDS);

    private final AtomicLong transfers = new AtomicLong();
    private final AtomicLong activity = new AtomicLong();
    private final AtomicInteger patience = new AtomicInteger();

    private boolean started;
    private boolean sending;
    private boolean saidGoodbye;
    private boolean neighbourClosed;
    private long lastLook;
    private long lastSent;
    private long lastHeard;
    private long neighbourTransfers;
    private long neighbourActivity;
    private long neighbourActiveAt;
    private boolean neighbourPatient;
    private long waitingSince; // when a transfer came under way; 0: none is
    private long cpuTicks;

    /** @param names of the ranks: host and process */
    Watch(int rank, int size, List<String> names, Limits limits, PrintStream err) {
        this.rank = rank;
        this.size = size;
        this.names = names;
        this.limits = limits;
        this.err = err;
    }

    void submitted() {
        transfers.incrementAndGet();
    }

    void active() {
        activity.incrementAndGet();
    }

    void patient(boolean on) {
        patience.addAndGet(on ? 1 : -1);
    }

    /** Both neighbours know that this rank closes, or close themselves. */
    boolean closed() {
        return size == 1 || (saidGoodbye && !sending && neighbourClosed);
    }

    /**
     * Sends and hears beats; called by the communication thread whenever it looks for news.
     *
     * @param waiting whether a transfer is under way
     * @param closing whether this rank has nothing more to ask for
     */
    void look(MpiLibrary mpi, boolean waiting, boolean closing) {
        if (size == 1) {
            return;
        }
        long now = System.nanoTime();
        int before = Math.floorMod(rank - 1, size);
        if (!started) {
            started = true;
            lastSent = now - BEAT;
            forgive(now);
            mpi.receive(incoming, before);
        } else if (now - lastLook > limits.ownPause()) {
            forgive(now);
        }
        lastLook = now;
        waitingSince = !waiting ? 0 : waitingSince == 0 ? now : waitingSince;
        hear(mpi, before, now);
        speak(mpi, closing, now);
        if (!neighbourClosed) {
            judge(mpi, before, now);
        }
    }

    private void forgive(long now) {
        lastHeard = now;
        neighbourActiveAt = now;
        waitingSince = 0;
    }

    private void hear(MpiLibrary mpi, int before, long now) {
        if (neighbourClosed || !mpi.received()) {
            return;
        }
        lastHeard = now;
        neighbourTransfers = incoming.getAtIndex(ValueLayout.JAVA_LONG, TRANSFERS);
        long work = incoming.getAtIndex(ValueLayout.JAVA_LONG, ACTIVITY);
        long state = incoming.getAtIndex(ValueLayout.JAVA_LONG, STATE);
        if (work != neighbourActivity || state == PATIENT) {
            neighbourActivity = work;
            neighbourActiveAt = now;
        }
        neighbourPatient = state == PATIENT;
        neighbourClosed = state == CLOSED;
        if (!neighbourClosed) {
            mpi.receive(incoming, before);
        }
    }

    private void speak(MpiLibrary mpi, boolean closing, long now) {
        if (sending && mpi.sent()) {
            sending = false;
        }
        boolean due = now - lastSent >= BEAT || (closing && !saidGoodbye);
        if (sending || saidGoodbye || !due) {
            return;
        }
        usedProcessor();
        saidGoodbye = closing;
        outgoing.setAtIndex(ValueLayout.JAVA_LONG, TRANSFERS, transfers.get());
        outgoing.setAtIndex(ValueLayout.JAVA_LONG, ACTIVITY, activity.get());
        outgoing.setAtIndex(ValueLayout.JAVA_LONG, STATE, closing ? CLOSED : patience.get() > 0 ? PATIENT : WORKING);
        mpi.send(outgoing, (rank + 1) % size);
        lastSent = now;
        sending = true;
    }

    /** A long forward pass calls nobody, but computes. */
    private void usedProcessor() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // from field 3, the state, on
            long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]); // utime and stime
            if (ticks - cpuTicks >= CPU_TICKS) {
                activity.incrementAndGet();
            }
            cpuTicks = ticks;
        } catch (IOException e) {
            activity.incrementAndGet(); // unknown; the silence of a dead rank is still heard
        }
    }

    private void judge(MpiLibrary mpi, int before, long now) {
        if (now - lastHeard > limits.silence * SECOND) {
            end(
                    mpi,
                    before,
                    "has said nothing for %d s: it was stopped, or its machine cannot be reached",
                    limits.silence);
        }
        boolean stalled = waitingSince != 0
                && now - waitingSince > limits.stall * SECOND
                && now - neighbourActiveAt > limits.stall * SECOND
                && neighbourTransfers < transfers.get()
                && !neighbourPatient;
        if (stalled) {
            end(mpi, before, "lets the others wait, and has done nothing for %d s: it hangs", limits.stall);
        }
    }

    private void end(MpiLibrary mpi, int lost, String what, int seconds) {
        err.println(
                "error: rank %d (%s) %s; the job ends. --resume-from auto goes on from the last checkpoint, with any number of ranks"
                        .formatted(lost, names.get(lost), what.formatted(seconds)));
        err.flush();
        mpi.abort(EXIT_LOST);
    }
}
