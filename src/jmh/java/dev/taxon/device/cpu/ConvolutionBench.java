package dev.taxon.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
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
 * One convolution by the kernel that the CPU device chooses, and by oneDNN's, on weights that are packed already. Where
 * oneDNN's is the one that is chosen, the two are the same.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 3, time = 1)
public class ConvolutionBench {
    /** (N, inC, H = W, outC, window, stride, groups); padding is half the window. */
    public enum Window {
        WINOGRAD_64_56(16, 64, 56, 64, 3, 1, 1),
        WINOGRAD_128_28(16, 128, 28, 128, 3, 1, 1),
        WINOGRAD_256_14(16, 256, 14, 256, 3, 1, 1),
        WINOGRAD_512_7(16, 512, 7, 512, 3, 1, 1),
        WINOGRAD_ONE_64_56(1, 64, 56, 64, 3, 1, 1),
        WINOGRAD_ONE_512_7(1, 512, 7, 512, 3, 1, 1),
        CIFAR_16_32(128, 16, 32, 16, 3, 1, 1),
        CIFAR_64_8(128, 64, 8, 64, 3, 1, 1),
        STEM_7(16, 3, 224, 64, 7, 2, 1),
        STRIDED_128_56(16, 128, 56, 128, 3, 2, 1),
        POINTWISE_256_64(16, 256, 56, 64, 1, 1, 1),
        POINTWISE_1024_256(16, 1024, 14, 256, 1, 1, 1),
        POINTWISE_64_256(16, 64, 56, 256, 1, 1, 1),
        POINTWISE_ONE_256_1024(1, 256, 14, 1024, 1, 1, 1),
        POINTWISE_ONE_2048_512(1, 2048, 7, 512, 1, 1, 1),
        POINTWISE_ONE_16_96(1, 16, 112, 96, 1, 1, 1),
        POINTWISE_ONE_960_160(1, 960, 7, 160, 1, 1, 1),
        SHORTCUT_256_512(16, 256, 56, 512, 1, 2, 1),
        DEPTHWISE_3(16, 96, 56, 96, 3, 1, 96),
        DEPTHWISE_3_STRIDED(16, 96, 112, 96, 3, 2, 96),
        DEPTHWISE_5(16, 120, 28, 120, 5, 1, 120),
        GROUPS_OF_4_56(16, 128, 56, 128, 3, 1, 32),
        GROUPS_OF_8_28(16, 256, 28, 256, 3, 1, 32),
        GROUPS_OF_8_STRIDED(16, 256, 56, 256, 3, 2, 32),
        GROUPED_POINTWISE_240_60(16, 240, 28, 60, 1, 1, 3),
        LENET_FIRST(128, 1, 32, 6, 5, 1, 1);

        private final long[] sizes;

        Window(int n, int inC, int in, int outC, int k, int stride, int groups) {
            int pad = k / 2;
            int out = (in + 2 * pad - k) / stride + 1;
            sizes = new long[] {n, inC, in, in, outC, out, out, k, k, stride, stride, pad, pad, 1, 1, groups};
        }

        private long srcFloats() {
            return sizes[0] * sizes[1] * sizes[2] * sizes[3];
        }

        private long dstFloats() {
            return sizes[0] * sizes[4] * sizes[5] * sizes[6];
        }

        private long weightFloats() {
            return sizes[4] * sizes[1] / sizes[15] * sizes[7] * sizes[8];
        }
    }

    /** Whose kernel. */
    public enum Kernel {
        CHOSEN(0),
        ONEDNN(Native.ONEDNN_ONLY);

        private final int flags;

        Kernel(int flags) {
            this.flags = flags;
        }
    }

    /** What is computed. */
    public enum Direction {
        FORWARD,
        BACKWARD_DATA,
        BACKWARD_WEIGHTS
    }

    @Param
    public Window window;

    @Param
    public Direction direction;

    @Param
    public Kernel kernel;

    /** Compute threads; 0 is one for each core. */
    @Param("0")
    public int threads;

    private Arena arena;
    private Primitive primitive;
    private long src;
    private long dst;
    private long weights;
    private long scratch;

    /** On the thread that measures, which owns the OpenMP pool. */
    @Setup(Level.Trial)
    public void open() {
        arena = Arena.ofShared();
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        Native.call(() -> (int) Native.SET_THREADS.invokeExact(count));
        long sizes = arena.allocateFrom(ValueLayout.JAVA_LONG, window.sizes).address();
        primitive = switch (direction) {
            case FORWARD -> Primitive.conv2dForward(sizes, kernel.flags, 0);
            case BACKWARD_DATA -> Primitive.conv2dBackwardData(sizes, kernel.flags);
            case BACKWARD_WEIGHTS -> Primitive.conv2dBackwardWeights(sizes, kernel.flags);
        };
        src = random(window.srcFloats());
        dst = random(window.dstFloats());
        scratch = bytes(primitive.scratchBytes());
        long plain = random(window.weightFloats());
        weights = plain;
        if (primitive.packedBytes() > 0) {
            long packed = bytes(primitive.packedBytes());
            Native.call(() -> (int) Native.OP_PACK.invokeExact(primitive.handle(), packed, plain, scratch));
            weights = packed;
        }
        System.out.println(primitive.implementation());
    }

    @Benchmark
    public void run() {
        long handle = primitive.handle();
        switch (direction) {
            case FORWARD ->
                Native.call(() -> (int) Native.CONV2D_FORWARD.invokeExact(handle, dst, src, weights, 0L, scratch));
            case BACKWARD_DATA ->
                Native.call(() -> (int) Native.CONV2D_BACKWARD_DATA.invokeExact(handle, src, dst, weights, scratch));
            case BACKWARD_WEIGHTS ->
                Native.call(() ->
                        (int) Native.CONV2D_BACKWARD_WEIGHTS.invokeExact(handle, weights, 0L, dst, src, 0, scratch));
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        primitive.close();
        arena.close();
    }

    private long bytes(long count) {
        return arena.allocate(Math.max(count, 64), 64).address();
    }

    private long random(long floats) {
        MemorySegment values = arena.allocate(floats * Float.BYTES, 64);
        Random random = new Random(1);
        for (long i = 0; i < floats; i++) {
            values.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
        }
        return values.address();
    }
}
