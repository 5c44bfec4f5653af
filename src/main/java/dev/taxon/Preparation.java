package dev.taxon;

import dev.taxon.data.InferencePipeline;
import dev.taxon.data.source.MemorySource;
import dev.taxon.data.transform.BufferedImages;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Sample;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Decodes and transforms pictures, several at the same time for a list of them. Thread-safe. */
final class Preparation implements AutoCloseable {
    private static final Thread ANY = Thread.ofVirtual().unstarted(() -> {});

    private final InferencePipeline pipeline;
    private final ExecutorService threads;

    /** A picture that is ready for the network, or why it is not: one of the two. */
    record Prepared(Picture picture, Optional<Sample> sample, Optional<UserError> error) {}

    Preparation(InferencePipeline pipeline, int threads) {
        this.pipeline = pipeline;
        this.threads = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("taxon-decode-", 0).factory());
    }

    /** One picture, in the caller's thread. */
    Sample prepare(Picture picture) {
        return pipeline.prepare(sample(picture));
    }

    /** What a pipeline takes. */
    static Sample sample(Picture picture) {
        return switch (picture) {
            case Picture.InFile p -> Sample.of(p.file(), Sample.NO_LABEL);
            case Picture.Encoded p -> Sample.of(new MemorySource(p.name(), p.bytes()), Sample.NO_LABEL);
            case Picture.Decoded p -> Sample.of(p.name(), BufferedImages.toBgr(p.image()), Sample.NO_LABEL);
            case Picture.Raw p ->
                Sample.of(p.name(), pixels(p).in(ChannelOrder.BGR), Sample.NO_LABEL); // as files are loaded
        };
    }

    private static Image.Bytes pixels(Picture.Raw p) {
        return new Image.Bytes(p.height(), p.width(), p.order(), p.pixels().toArray(ValueLayout.JAVA_BYTE));
    }

    // A caller that is interrupted still waits: the memory that the task reads is the caller's.
    private static <T> T await(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw thrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException thrown(@Nullable Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException(cause);
        };
    }

    /** Begins to prepare pictures, at most {@code ahead} more than were taken. */
    Run start(Iterator<? extends Picture> pictures, int ahead) {
        return new Run(pictures, ahead);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One list on its way. */
    final class Run implements AutoCloseable {
        private final Iterator<? extends Picture> pictures;
        private final int ahead;
        private volatile boolean stopped;
        private final Deque<Future<Prepared>> started = new ArrayDeque<>();

        private Run(Iterator<? extends Picture> pictures, int ahead) {
            this.pictures = pictures;
            this.ahead = ahead;
            fill();
        }

        private void fill() {
            while (started.size() < ahead && pictures.hasNext()) {
                Picture picture = pictures.next();
                started.add(
                        isShared(picture)
                                ? threads.submit(() -> attempt(picture))
                                : CompletableFuture.completedFuture(attempt(picture)));
            }
        }

        // Memory of a confined arena is for its owner's thread alone, which is the caller's.
        private static boolean isShared(Picture picture) {
            return switch (picture) {
                case Picture.InFile _, Picture.Decoded _ -> true;
                case Picture.Encoded p -> p.bytes().isAccessibleBy(ANY);
                case Picture.Raw p -> p.pixels().isAccessibleBy(ANY);
            };
        }

        private Prepared attempt(Picture picture) {
            if (stopped) {
                throw new CancellationException();
            }
            try {
                return new Prepared(picture, Optional.of(prepare(picture)), Optional.empty());
            } catch (UserError e) {
                return new Prepared(picture, Optional.empty(), Optional.of(e));
            }
        }

        /** The next pictures in order, {@code count} unless they end. */
        List<Prepared> take(int count) {
            List<Prepared> taken = new ArrayList<>();
            while (taken.size() < count && !started.isEmpty()) {
                taken.add(await(started.remove()));
            }
            fill();
            return taken;
        }

        /** What was started and is not needed is dropped; waits for what runs, since it reads the caller's memory. */
        @Override
        public void close() {
            stopped = true;
            for (Future<Prepared> future : started) {
                try {
                    await(future);
                } catch (CancellationException e) {
                    // as asked
                }
            }
        }
    }
}
