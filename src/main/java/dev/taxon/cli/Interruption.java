package dev.taxon.cli;

import dev.taxon.dist.Communicator;
import dev.taxon.train.Hook;
import dev.taxon.train.Runner;
import dev.taxon.train.Supervision;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C, or SIGTERM: the JVM goes on until the run that is under way has ended its iteration and saved what it has. Before and
 * behind a run it ends at once. The exit code stays the signal's: 130, 143.
 */
final class Interruption implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread atExit = new Thread(this::awaitRun, "taxon-interruption");
    private final Communicator ranks;
    private final AtomicBoolean said = new AtomicBoolean();
    private volatile boolean running;
    private volatile boolean asked;

    /** @param ranks of which one says that the end is near; their starter may send notice before its signal */
    Interruption(Communicator ranks) {
        this.ranks = ranks;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Follows the run, and cancels it. */
    Supervision supervision() {
        Hook follower = new Hook() {
            @Override
            public void beforeRun(Runner runner) {
                running = true;
            }

            @Override
            public void afterIter(Runner runner) {
                if (runner.cancelled()) {
                    say(); // another rank may have heard of the end first
                }
            }
        };
        return new Supervision(List.of(follower), this::asked);
    }

    private boolean asked() {
        if (!asked && ranks.ending()) {
            asked = true;
            say();
        }
        return asked;
    }

    private void say() {
        if (ranks.isFirst() && !said.getAndSet(true)) {
            System.err.println(
                    "\nStopping behind this iteration, to save it; kill -9 stops at once, and loses what is not saved.");
        }
    }

    private void awaitRun() {
        asked = true;
        if (!running) {
            return;
        }
        say();
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        running = false;
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the JVM is ending: the hook has run or is running
        }
    }
}
