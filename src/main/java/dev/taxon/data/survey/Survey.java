package dev.taxon.data.survey;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.source.ReadBuffer;
import dev.taxon.data.source.Source;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageDecoder;
import dev.taxon.data.transform.Sample;
import dev.taxon.report.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks at every image of a data set as it is stored, decoded as for training, on several threads.
 *
 * @param what the progress line begins with it
 * @param threads at least one
 */
record Survey(Dataset dataset, String what, int threads, Progress progress) {
    Survey {
        UserError.require(threads > 0, "--num-process must be positive, got %d", threads);
    }

    /** Takes what is found; called by several threads at once. */
    interface Visitor {
        /** An image in its stored size, upright. */
        void image(int index, Image.Bytes image);

        /** An image that cannot be read, and why. */
        void broken(int index, UserError why);
    }

    /** Visits every image. */
    void run(Visitor visitor) {
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                done.add(pool.submit(() -> work(visitor, next, start)));
            }
            for (Future<?> future : done) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException error ? error : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted", e);
        }
        progress.clear();
    }

    private void work(Visitor visitor, AtomicInteger next, long start) {
        ImageDecoder decoder = new OpenCvDecoder();
        int size = dataset.size();
        try (ReadBuffer buffer = new ReadBuffer()) {
            for (int i = next.getAndIncrement(); i < size; i = next.getAndIncrement()) {
                Image.Bytes image;
                try {
                    image = load(dataset.sample(i), decoder, buffer);
                } catch (UserError e) {
                    visitor.broken(i, e);
                    continue;
                }
                visitor.image(i, image);
                int done = i + 1;
                progress.draw(() -> {
                    double seconds = (System.nanoTime() - start) / 1e9;
                    return String.format(
                            Locale.ROOT,
                            "%s: %d/%d, %.0f images/s, %.0f s left",
                            what,
                            done,
                            size,
                            done / seconds,
                            seconds / done * (size - done));
                });
            }
        } catch (Throwable e) {
            next.set(size); // the others stop, too
            throw e;
        }
    }

    private static Image.Bytes load(Sample sample, ImageDecoder decoder, ReadBuffer buffer) {
        Source source = sample.source();
        if (source != null) {
            return decoder.decode(source.name(), source.read(buffer), ColorType.COLOR);
        }
        if (sample.pixels() instanceof Image.Bytes bytes) {
            return bytes;
        }
        throw new IllegalStateException(sample.name() + " is not stored as bytes");
    }
}
