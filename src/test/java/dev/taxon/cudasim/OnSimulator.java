package dev.taxon.cudasim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with a context of its own on the first simulated device, and the few calls that all such tests make. */
abstract class OnSimulator {
    static final int INVALID_VALUE = 1;
    static final int OUT_OF_MEMORY = 2;
    static final int INVALID_CONTEXT = 201;
    static final int INVALID_HANDLE = 400;
    static final int ILLEGAL_ADDRESS = 700;
    static final int LAUNCH_FAILED = 719;
    static final int NON_BLOCKING = 1;
    static final MemorySegment NULL = MemorySegment.NULL;

    final Cuda cuda = new Cuda();
    final Arena arena = Arena.ofShared();
    private final MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
    private long context;

    @BeforeEach
    void open() {
        cuda.run("cudasim_clear");
        cuda.succeed("cuInit", 0);
        context = newContext(0);
    }

    @AfterEach
    void close() {
        cuda.run("cudasim_lose_device", 0, 0);
        cuda.succeed("cuCtxDestroy_v2", context);
        cuda.succeed("cuCtxSetCurrent", 0L);
        set("devices", 1);
        set("memory", 4L << 30);
        set("reverse_order", 0);
        cuda.run("cudasim_clear");
        arena.close();
    }

    final long context() {
        return context;
    }

    /** Makes a context and makes it current. */
    final long newContext(int device) {
        return made("cuCtxCreate_v2", 0, device);
    }

    /** Calls a function whose first argument receives a handle, and answers that. */
    final long made(String function, Object... rest) {
        Object[] arguments = new Object[rest.length + 1];
        arguments[0] = out;
        System.arraycopy(rest, 0, arguments, 1, rest.length);
        cuda.succeed(function, arguments);
        return out.get(ValueLayout.JAVA_LONG, 0);
    }

    final void set(String setting, long value) {
        cuda.succeed("cudasim_set", arena.allocateFrom(setting), value);
    }

    final void order(String function, int status, long after) {
        cuda.run("cudasim_fail", arena.allocateFrom(function), status, after);
    }

    final long allocate(long bytes) {
        return made("cuMemAlloc_v2", bytes);
    }

    final MemorySegment floats(float... values) {
        return arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    }

    final long upload(float... values) {
        long pointer = allocate(4L * values.length);
        cuda.succeed("cuMemcpyHtoD_v2", pointer, floats(values), 4L * values.length);
        return pointer;
    }

    final float[] download(long pointer, int count) {
        MemorySegment host = arena.allocate(4L * count, 4);
        cuda.succeed("cuMemcpyDtoH_v2", host, pointer, 4L * count);
        return host.toArray(ValueLayout.JAVA_FLOAT);
    }

    final long stream() {
        return made("cuStreamCreate", NON_BLOCKING);
    }

    final void synchronize(long stream) {
        cuda.succeed("cuStreamSynchronize", stream);
    }

    /** Compiles CUDA C++ and answers the function of that name. */
    final long kernel(String name, String source) {
        long program =
                made("nvrtcCreateProgram", arena.allocateFrom(source), arena.allocateFrom("test.cu"), 0, NULL, NULL);
        int status = cuda.call("nvrtcCompileProgram", program, 0, NULL);
        if (status != 0) {
            throw new AssertionError(log(program));
        }
        cuda.succeed("nvrtcGetPTXSize", program, out);
        MemorySegment ptx = arena.allocate(out.get(ValueLayout.JAVA_LONG, 0));
        cuda.succeed("nvrtcGetPTX", program, ptx);
        cuda.succeed("nvrtcDestroyProgram", handle(program));
        return made("cuModuleGetFunction", made("cuModuleLoadData", ptx), arena.allocateFrom(name));
    }

    final String log(long program) {
        cuda.succeed("nvrtcGetProgramLogSize", program, out);
        MemorySegment text = arena.allocate(out.get(ValueLayout.JAVA_LONG, 0));
        cuda.succeed("nvrtcGetProgramLog", program, text);
        return text.getString(0, StandardCharsets.UTF_8);
    }

    /** Launches one kernel; arguments are longs (pointers or 64-bit numbers), ints and floats. */
    final int launch(long function, int blocks, int threads, int sharedBytes, long stream, Object... arguments) {
        MemorySegment table = arena.allocate(ValueLayout.ADDRESS, Math.max(1, arguments.length));
        IntStream.range(0, arguments.length).forEach(i -> table.setAtIndex(ValueLayout.ADDRESS, i, cell(arguments[i])));
        return cuda.call("cuLaunchKernel", function, blocks, 1, 1, threads, 1, 1, sharedBytes, stream, table, NULL);
    }

    private MemorySegment cell(Object argument) {
        return switch (argument) {
            case Long number -> arena.allocateFrom(ValueLayout.JAVA_LONG, number);
            case Integer number -> arena.allocateFrom(ValueLayout.JAVA_INT, number);
            case Float number -> arena.allocateFrom(ValueLayout.JAVA_FLOAT, number);
            default -> throw new IllegalArgumentException("no parameter type for " + argument);
        };
    }

    final MemorySegment handle(long value) {
        return arena.allocateFrom(ValueLayout.JAVA_LONG, value);
    }

    /** The call is refused, and the simulator says why in these words. */
    final void refused(int expected, int status, String words) {
        assertEquals(expected, status, cuda.lastViolation());
        assertTrue(cuda.lastViolation().contains(words), cuda.lastViolation());
    }

    final long leaks() {
        return cuda.count("cudasim_leaks");
    }
}
