package dev.taxon.bench;

import dev.taxon.data.Batches;
import dev.taxon.data.DataLoader;
import dev.taxon.data.Loading;
import dev.taxon.data.RandomSampler;
import dev.taxon.data.dataset.MemoryDataset;
import dev.taxon.data.transform.BorderMode;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Normalize;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.RandomCrop;
import dev.taxon.data.transform.RandomFlip;
import dev.taxon.device.InputSpec;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The data pipeline: time for one CIFAR-10 training image (crop with a border of 4, flip, normalize) into its batch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LoaderBench {
    private static final int IMAGES = 4096;
    private static final int SIDE = 32;

    /** Threads that prepare batches; 0 is the caller's own. */
    @Param({"0", "1", "2"})
    public int workers;

    /** As {@code Program.input()} of a device asks for it. */
    @Param
    public InputSpec.Layout layout;

    private DataLoader loader;
    private int epoch;

    @Setup(Level.Trial)
    public void open() {
        Pipeline pipeline = new Pipeline(List.of(
                new RandomCrop(SIDE, SIDE, new RandomCrop.Border(4, 4, 4, 4), false, BorderMode.CONSTANT, List.of(0.0)),
                new RandomFlip(0.5, RandomFlip.Direction.HORIZONTAL),
                new Normalize(List.of(125.307, 122.961, 113.8575), List.of(51.5865, 50.847, 51.255), false)));
        List<Image.Bytes> images =
                IntStream.range(0, IMAGES).mapToObj(LoaderBench::image).toList();
        MemoryDataset dataset = new MemoryDataset("bench", List.of("any"), images, new int[IMAGES], pipeline);
        InputSpec spec = new InputSpec(128, Shape.of(3, SIDE, SIDE), layout);
        loader = new DataLoader(dataset, new RandomSampler(1), spec, Loading.training(workers, 1));
    }

    private static Image.Bytes image(int index) {
        Rng rng = new Rng(1, index);
        byte[] pixels = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) rng.nextInt();
        }
        return new Image.Bytes(SIDE, SIDE, ChannelOrder.RGB, pixels);
    }

    @Benchmark
    @OperationsPerInvocation(IMAGES)
    public int epoch() {
        int samples = 0;
        try (Batches batches = loader.iterator(epoch++)) {
            while (batches.hasNext()) {
                samples += batches.next().count();
            }
        }
        return samples;
    }

    @TearDown(Level.Trial)
    public void close() {
        loader.close();
    }
}
