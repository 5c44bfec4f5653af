package dev.taxon.bench;

import dev.taxon.Devices;
import dev.taxon.Settings;
import dev.taxon.device.Device;
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

/** Time of one training step, or of one batch of inference. scripts/bench.sh measures the same work beside PyTorch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
public class StepBench {
    @Param
    public Workload workload;

    /** Compute threads; 0 is one for each core. */
    @Param("0")
    public int threads;

    private Device device;
    private Running running;

    @Setup(Level.Trial)
    public void open() {
        device = Devices.open(new Settings("cpu", threads));
        running = new Running(workload, device);
    }

    @Benchmark
    public double step() {
        return running.step();
    }

    @TearDown(Level.Trial)
    public void close() {
        running.close();
        device.close();
    }
}
