package dev.taxon.bench;

import dev.taxon.random.Philox;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Random numbers: time for one uniform float, which bounds dropout in Java and the drawing of initial weights. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RandomBench {
    private static final int FLOATS = 4096;

    private final int[] words = new int[4];
    private long step;

    @Benchmark
    @OperationsPerInvocation(FLOATS)
    public float uniform() {
        long stream = Philox.stream(Philox.Purpose.DROPOUT, 0, step++);
        float sum = 0;
        for (int block = 0; block < FLOATS / 4; block++) {
            Philox.block(1, stream, block, words);
            sum += Philox.unit(words[0]) + Philox.unit(words[1]) + Philox.unit(words[2]) + Philox.unit(words[3]);
        }
        return sum;
    }
}
