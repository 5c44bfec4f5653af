package dev.taxon.launcher;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** For a JVM that a launcher started: no run goes on unseen after its launcher has been killed outright. */
final class Orphan {
    /** SIGTERM's, as a shell counts it. */
    private static final int EXIT = 128 + 15;

    private Orphan() {}

    /** Ends this JVM, shutdown hooks and all, when its parent process has gone. Reflection: ProcessHandle is Java 9's. */
    static void endWithParent() {
        try {
            Class<?> handle = Class.forName("java.lang.ProcessHandle");
            Object self = handle.getMethod("current").invoke(null);
            Optional<?> parent = (Optional<?>) handle.getMethod("parent").invoke(self);
            if (parent.isPresent()) {
                CompletableFuture<?> exit =
                        (CompletableFuture<?>) handle.getMethod("onExit").invoke(parent.get());
                exit.thenRun(Orphan::exit);
            }
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("ProcessHandle is there since Java 9", impossible);
        }
    }

    private static void exit() {
        // Not in the thread of the process reaper, which hooks may need.
        new Thread(() -> System.exit(EXIT), "launcher-gone").start();
    }
}
