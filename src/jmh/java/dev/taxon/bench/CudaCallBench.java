package dev.taxon.bench;

import dev.taxon.device.Device;
import dev.taxon.device.cuda.CudaDevice;
import dev.taxon.device.cuda.CudaLibraries;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
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

/**
 * What a step on a GPU costs the host: on the CUDA simulator (a test double, target/cudasim), whose kernels and library calls do
 * nothing. Beside the Java and JNI it times the simulator's look at each handle, and the copies of the batch, so it is a ceiling.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class CudaCallBench {
    private static final Path SIMULATOR = Path.of("target", "cudasim").toAbsolutePath();

    @Param({"LENET5_TRAIN_128", "RESNET18_CIFAR_TRAIN_128", "RESNET50_TRAIN_16"})
    public Workload workload;

    private Device device;
    private Running running;

    /** Compiles as usual, and only then stops computing: the libraries' answers about sizes are needed. */
    @Setup(Level.Trial)
    public void open() {
        device = CudaDevice.open(0, CudaLibraries.of(SIMULATOR));
        running = new Running(workload, device);
        compute(false);
        System.out.printf("%s: %d kernels a step%n", workload, running.kernels());
    }

    @Benchmark
    public void step() {
        running.start();
    }

    @TearDown(Level.Trial)
    public void close() {
        compute(true);
        running.close();
        device.close();
    }

    private static void compute(boolean really) {
        SymbolLookup library = SymbolLookup.libraryLookup(SIMULATOR.resolve("libcuda.so.1"), Arena.global());
        FunctionDescriptor type =
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
        try (Arena arena = Arena.ofConfined()) {
            Linker.nativeLinker()
                    .downcallHandle(library.findOrThrow("cudasim_set"), type)
                    .invokeWithArguments(arena.allocateFrom("noop_kernels"), really ? 0L : 1L);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
