package dev.taxon.device.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The libraries that tests of the CUDA device run on, and what a test steers in them: the test double
 * ({@code native/cudasim}), where the build puts it, or, where the environment has {@code TAXON_TEST_GPU} (the bundle for a
 * host with a card), the host's own.
 */
public final class Simulator {
    private static final Path FOLDER = Path.of("target", "cudasim").toAbsolutePath();

    private Simulator() {}

    public static CudaLibraries libraries() {
        return isReplaced() ? CudaLibraries.of(System.getenv()) : CudaLibraries.of(FOLDER);
    }

    /** Whether a real card takes the simulator's place. */
    public static boolean isReplaced() {
        return System.getenv("TAXON_TEST_GPU") != null;
    }

    public static CudaDevice open() {
        return CudaDevice.open(0, libraries());
    }

    /** Orders a status from a function, or from "work" on a stream, once, after calls that still succeed. */
    public static void fail(String function, int status, long after) {
        FunctionDescriptor type =
                FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
        try (Arena arena = Arena.ofConfined()) {
            invoke("cudasim_fail", type, arena.allocateFrom(function), status, after);
        }
    }

    /** Sets one of its numbers: {@code memory} of each GPU in bytes, for instance. */
    public static void set(String name, long value) {
        FunctionDescriptor type =
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
        try (Arena arena = Arena.ofConfined()) {
            if ((int) invoke("cudasim_set", type, arena.allocateFrom(name), value) != 0) {
                throw new IllegalArgumentException(name);
            }
        }
    }

    /** Forgets faults, violations and what is alive. */
    public static void clear() {
        invoke("cudasim_clear", FunctionDescriptor.ofVoid());
    }

    /** What is alive, a line each; empty for nothing. */
    public static String leaks() {
        long count = (long) invoke("cudasim_leaks", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
        return count == 0 ? "" : text("cudasim_leak_report");
    }

    /** The last rule of CUDA that was broken; empty for none. */
    public static String violation() {
        return text("cudasim_last_violation");
    }

    /** Works that streams were given and have not begun. */
    public static long pending() {
        return (long) invoke("cudasim_pending", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    }

    /** Calls of a function so far. */
    public static long calls(String function) {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            return (long) invoke("cudasim_calls", type, arena.allocateFrom(function));
        }
    }

    private static String text(String function) {
        MemorySegment text = (MemorySegment) invoke(
                function,
                FunctionDescriptor.of(ValueLayout.ADDRESS.withTargetLayout(
                        MemoryLayout.sequenceLayout(1 << 20, ValueLayout.JAVA_BYTE))));
        return text.getString(0);
    }

    private static Object invoke(String function, FunctionDescriptor type, Object... arguments) {
        SymbolLookup library = SymbolLookup.libraryLookup(FOLDER.resolve("libcuda.so.1"), Arena.global());
        MethodHandle handle = Linker.nativeLinker().downcallHandle(library.findOrThrow(function), type);
        try {
            return handle.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
