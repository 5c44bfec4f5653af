package dev.taxon.cudasim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a cuDNN answers, without a GPU, about random descriptors: statuses, sizes, output dimensions. Run on the folder of
 * the simulated libraries and on that of the real ones, it prints the same lines ({@link RealLibrariesTest}).
 */
final class DescriptorReport {
    private static final int CONFIGURATIONS = 200;
    private static final long SEED = 20260101;

    private final Cuda cuda;
    private final Arena arena = Arena.ofAuto();
    private final Random random = new Random(SEED);
    private final StringBuilder line = new StringBuilder();

    private DescriptorReport(Cuda cuda) {
        this.cuda = cuda;
    }

    /** @param args the folder of the libraries */
    public static void main(String[] args) {
        DescriptorReport report = new DescriptorReport(new Cuda(Path.of(args[0]), args[1].split(",")));
        report.versions();
        for (int i = 0; i < CONFIGURATIONS; i++) {
            report.configuration(i);
        }
    }

    private void versions() {
        System.out.println("cudnn " + cuda.count("cudnnGetVersion") + " cudart " + cuda.count("cudnnGetCudartVersion"));
        MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, 2);
        cuda.succeed("nvrtcVersion", numbers, numbers.asSlice(4));
        System.out.println("nvrtc " + numbers(numbers));
        cuda.succeed("ncclGetVersion", numbers);
        System.out.println("nccl " + numbers.get(ValueLayout.JAVA_INT, 0));
    }

    /** A number of the range; now and then a 0, which mostly is not allowed. */
    private int pick(int low, int high) {
        return random.nextInt(150) == 0 ? 0 : low + random.nextInt(high - low + 1);
    }

    private void configuration(int number) {
        line.setLength(0);
        line.append(number).append(':');
        long x = made("cudnnCreateTensorDescriptor");
        long w = made("cudnnCreateFilterDescriptor");
        long conv = made("cudnnCreateConvolutionDescriptor");
        int format = random.nextInt(2);
        int type = random.nextInt(4) == 0 ? 2 : 0;
        int groups = pick(1, 3);
        int c = pick(1, 8) * Math.max(1, groups);
        int filters = pick(1, 8) * (random.nextInt(10) == 0 ? 1 : Math.max(1, groups));
        say("x", "cudnnSetTensor4dDescriptor", x, format, type, pick(1, 4), c, pick(1, 20), pick(1, 20));
        int kernel = random.nextInt(10) == 0 ? c : c / Math.max(1, groups);
        boolean set = say("w", "cudnnSetFilter4dDescriptor", w, type, format, filters, kernel, pick(1, 5), pick(1, 5));
        set &= say(
                "conv",
                "cudnnSetConvolution2dDescriptor",
                conv,
                pick(0, 3),
                pick(0, 3),
                pick(1, 3),
                pick(1, 3),
                pick(1, 2),
                pick(1, 2),
                random.nextInt(2),
                0);
        say("groups", "cudnnSetConvolutionGroupCount", conv, groups);
        say("math", "cudnnSetConvolutionMathType", conv, random.nextInt(4));
        if (set) { // of one that is not, real cuDNN answers what its memory held
            ask("output", 4, "cudnnGetConvolution2dForwardOutputDim", conv, x, w);
        }
        askSize("bytes of x", "cudnnGetTensorSizeInBytes", x);
        askSize("of w", "cudnnGetFilterSizeInBytes", w);
        pooling(x);
        norm(x);
        strides();
        System.out.println(line);
    }

    private void pooling(long x) {
        long pooling = made("cudnnCreatePoolingDescriptor");
        boolean set = say(
                "pool",
                "cudnnSetPooling2dDescriptor",
                pooling,
                random.nextInt(4),
                random.nextInt(2),
                pick(1, 4),
                pick(1, 4),
                pick(0, 2),
                pick(0, 2),
                pick(1, 3),
                pick(1, 3));
        if (set) { // real cuDNN divides by the stride 0 of one that is not
            ask("output", 4, "cudnnGetPooling2dForwardOutputDim", pooling, x);
        }
    }

    private void norm(long x) {
        long parameters = made("cudnnCreateTensorDescriptor");
        say("norm", "cudnnDeriveBNTensorDescriptor", parameters, x, random.nextInt(3));
        MemorySegment out = arena.allocate(ValueLayout.JAVA_INT, 9);
        Object[] arguments = new Object[10];
        arguments[0] = parameters;
        for (int i = 0; i < 9; i++) {
            arguments[i + 1] = out.asSlice(4L * i);
        }
        int status = cuda.call("cudnnGetTensor4dDescriptor", arguments);
        line.append(status == 0 ? " " + numbers(out) : " " + status);
    }

    private void strides() {
        long tensor = made("cudnnCreateTensorDescriptor");
        say(
                "strided",
                "cudnnSetTensor4dDescriptorEx",
                tensor,
                0,
                pick(1, 3),
                pick(1, 3),
                pick(1, 3),
                pick(1, 3),
                pick(20, 40),
                pick(10, 20),
                pick(3, 9),
                pick(1, 2));
        askSize("bytes", "cudnnGetTensorSizeInBytes", tensor);
    }

    private long made(String function) {
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        cuda.succeed(function, out);
        return out.get(ValueLayout.JAVA_LONG, 0);
    }

    private boolean say(String what, String function, Object... arguments) {
        int status = cuda.call(function, arguments);
        line.append(' ').append(what).append(' ').append(status);
        return status == 0;
    }

    /** Numbers that a function stores behind its last arguments; its status where it refuses. */
    private void ask(String what, int count, String function, Object... first) {
        MemorySegment out = arena.allocate(ValueLayout.JAVA_INT, count);
        Object[] arguments = Arrays.copyOf(first, first.length + count);
        for (int i = 0; i < count; i++) {
            arguments[first.length + i] = out.asSlice(4L * i);
        }
        int status = cuda.call(function, arguments);
        line.append(' ').append(what).append(status == 0 ? " " + numbers(out) : " refused " + status);
    }

    private void askSize(String what, String function, long descriptor) {
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        int status = cuda.call(function, descriptor, out);
        line.append(' ')
                .append(what)
                .append(' ')
                .append(status == 0 ? out.get(ValueLayout.JAVA_LONG, 0) : "refused " + status);
    }

    private static String numbers(MemorySegment ints) {
        return IntStream.of(ints.toArray(ValueLayout.JAVA_INT))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining("×"));
    }
}
