package dev.taxon.bench;

import dev.taxon.data.Batches;
import dev.taxon.data.DataLoader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * The Java half of scripts/bench_data.py. Argument: a folder of JPEG files. Each line of standard input, {@code PATH
 * THREADS SECONDS} with the path {@code taxon} or {@code imageio}, answers with images a second.
 */
public final class DataPath {
    private DataPath() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]);
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.trim().split(" ");
                int threads = Integer.parseInt(words[1]);
                double seconds = Double.parseDouble(words[2]);
                System.out.println(
                        words[0].equals("taxon")
                                ? taxon(folder, threads, seconds)
                                : imageIo(Photographs.files(folder), threads, seconds));
            }
        }
    }

    /** With one thread the caller prepares each batch itself. */
    private static double taxon(Path folder, int threads, double seconds) {
        try (DataLoader loader = Photographs.loader(folder, threads == 1 ? 0 : threads)) {
            long done = 0;
            int epoch = 0;
            Batches batches = loader.iterator(epoch);
            batches.next(); // warms up
            long start = System.nanoTime();
            while (System.nanoTime() - start < seconds * 1e9) {
                if (!batches.hasNext()) {
                    batches = loader.iterator(++epoch);
                }
                done += batches.next().count();
            }
            return done / ((System.nanoTime() - start) / 1e9);
        }
    }

    private static double imageIo(List<Path> files, int threads, double seconds) throws InterruptedException {
        LongAdder done = new LongAdder();
        List<Thread> all = new ArrayList<>();
        long start = System.nanoTime();
        for (int n = 0; n < threads; n++) {
            int first = n;
            all.add(Thread.ofPlatform().start(() -> {
                ImageIoPath path = new ImageIoPath();
                SplittableRandom random = new SplittableRandom(first);
                float[] batch = new float[Photographs.BATCH * 3 * Photographs.SIDE * Photographs.SIDE];
                for (int i = first; System.nanoTime() - start < seconds * 1e9; i += threads) {
                    int place = i / threads % Photographs.BATCH;
                    try {
                        path.sample(
                                files.get(i % files.size()), random, batch, place * batch.length / Photographs.BATCH);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                    done.increment();
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        return done.sum() / ((System.nanoTime() - start) / 1e9);
    }
}
