package dev.taxon.device.cpu;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One kernel of ours beside oneDNN's for the same work on the same buffers; they must agree before they are timed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 3, time = 1)
public class KernelBench {
    /** Of the norm of a result. */
    private static final double AGREEMENT = 1e-3;

    @Param
    public SharedKernel kernel;

    /** Compute threads; 0 is one for each core. */
    @Param("0")
    public int threads;

    private KernelMemory memory;
    private KernelCase both;

    /** On the thread that measures, which owns the OpenMP pool. */
    @Setup(Level.Trial)
    public void open() {
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        Native.call(() -> (int) Native.SET_THREADS.invokeExact(count));
        memory = new KernelMemory();
        both = kernel.in(memory);
        double difference = both.difference();
        if (!(difference <= AGREEMENT)) {
            throw new IllegalStateException(kernel + ": ours and oneDNN's differ by " + difference);
        }
    }

    @Benchmark
    public void taxon() {
        both.runOwn();
    }

    @Benchmark
    public void onednn() {
        both.runPeer();
    }

    @TearDown(Level.Trial)
    public void close() {
        both.close();
        memory.close();
    }
}
