package dev.taxon.dist;

/**
 * Hears that the starter is about to end the job. Open MPI, interrupted, sends SIGCONT to all ranks, SIGTERM a second later and
 * SIGKILL another second later (odls_base_sigkill_timeout); who begins to save at SIGCONT has twice the time. A process that was
 * stopped and goes on gets SIGCONT, too, but it has not looked here meanwhile.
 */
final class Notice {
    private static final long STOPPED = 500_000_000; // ns between two looks, of which no running process needs as many

    private long heard;
    private long lastLook;
    private volatile boolean ending;

    /** Called by the communication thread, at least every tenth of a second. */
    void look(MpiLibrary mpi) {
        long before = System.nanoTime();
        long count = mpi.continued();
        long sinceLast = System.nanoTime() - lastLook; // covers a stop whose end was counted
        if (count != heard && sinceLast < STOPPED) {
            ending = true;
        }
        heard = count;
        lastLook = before;
    }

    boolean ending() {
        return ending;
    }
}
