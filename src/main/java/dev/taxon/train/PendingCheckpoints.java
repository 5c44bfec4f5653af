package dev.taxon.train;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints that hooks have asked for. They are written when all hooks of the stage are done, so that each holds the weights of
 * the moment it was asked for, and the progress of all hooks: the best score of the same epoch among it. mmcv writes at once, and
 * a run that resumes has forgotten the last evaluation.
 */
public final class PendingCheckpoints {
    private final Runner runner;
    private final Deque<Request> requests = new ArrayDeque<>();

    private static final class Request {
        private final Path file;
        private final boolean optimizer;
        private final Runnable written;
        private @Nullable Snapshot snapshot; // null: the weights are still those

        Request(Path file, boolean optimizer, Runnable written) {
            this.file = file;
            this.optimizer = optimizer;
            this.written = written;
        }
    }

    PendingCheckpoints(Runner runner) {
        this.runner = runner;
    }

    /**
     * Asks for a checkpoint. Of several ranks the first writes it.
     *
     * @param optimizer whether it holds the optimizer's state
     * @param written called when the file is there
     */
    public void add(Path file, boolean optimizer, Runnable written) {
        if (runner.communicator().isFirst()) {
            requests.addLast(new Request(file, optimizer, written));
        }
    }

    /** As {@link #add}, to be written before the others: one that they refer to. */
    public void addFirst(Path file, boolean optimizer, Runnable written) {
        if (runner.communicator().isFirst()) {
            requests.addFirst(new Request(file, optimizer, written));
        }
    }

    /** A hook calls it before it changes weights or running statistics: they are copied for what has been asked for. */
    public void hold() {
        for (Request request : requests) {
            if (request.snapshot == null) {
                request.snapshot = new Snapshot(runner, request.optimizer);
            }
        }
    }

    void write() {
        if (!requests.isEmpty()) {
            runner.communicator().patiently(this::writeAll);
        }
    }

    private void writeAll() {
        while (!requests.isEmpty()) {
            Request request = requests.removeFirst();
            try (Snapshot snapshot =
                    request.snapshot == null ? new Snapshot(runner, request.optimizer) : request.snapshot) {
                snapshot.write(request.file);
            }
            request.written.run();
        }
    }
}
