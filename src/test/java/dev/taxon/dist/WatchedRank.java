package dev.taxon.dist;

import java.util.concurrent.locks.LockSupport;

/** A rank that calls the others again and again, under a watch of few seconds. Argument: {@code work}, or {@code hang} for rank 1 to. */
final class WatchedRank {
    private static final Watch.Limits SHORT = new Watch.Limits(3, 4);
    private static final int CALLS_BEFORE_IT_HANGS = 100;

    private WatchedRank() {}

    public static void main(String[] args) {
        try (MpiCommunicator ranks = new MpiCommunicator(Launch.of(System.getenv()), System.err, SHORT)) {
            if (ranks.isFirst()) {
                System.out.println(ranks.describe());
            }
            for (int call = 0; true; call++) {
                ranks.barrier();
                ranks.active();
                LockSupport.parkNanos(1_000_000);
                while (args[0].equals("hang") && ranks.rank() == 1 && call >= CALLS_BEFORE_IT_HANGS) {
                    LockSupport.park();
                }
            }
        }
    }
}
