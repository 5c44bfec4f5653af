package dev.taxon.device.cpu;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that enters OpenMP (libgomp keeps a pool for each thread that does). Callers hand it a task and wait.
 */
final class ComputeThread implements AutoCloseable {
    private final ExecutorService executor;
    private final Thread thread;

    ComputeThread(String name) {
        Thread[] made = new Thread[1];
        executor = Executors.newSingleThreadExecutor(task -> {
            made[0] = Thread.ofPlatform().name(name).daemon().unstarted(task);
            return made[0];
        });
        thread = call(() -> made[0]);
    }

    /** Runs a task and returns its result; what it throws is thrown here. */
    <T> T call(Callable<T> task) {
        try {
            return Thread.currentThread() == thread ? task.call() : await(submit(task));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void run(Runnable task) {
        call(Executors.callable(task));
    }

    private <T> Future<T> submit(Callable<T> task) {
        try {
            return executor.submit(task);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the CPU device is closed", e);
        }
    }

    // A caller that is interrupted still waits: the memory that the task uses is the caller's.
    private static <T> T await(Future<T> future) throws Exception {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case Error error -> throw error;
                        case Exception exception -> throw exception;
                        case null, default -> throw e;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (executor.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
