package dev.taxon.device.cpu;

import dev.taxon.natives.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** oneDNN's kernel for some work ({@code native/bench/onednn.cpp}), bound to buffers. */
final class OneDnn implements AutoCloseable {
    private static final NativeLibrary LIBRARY = load();
    private static final MethodHandle ERROR = LIBRARY.function("taxon_peer_error", "S");
    private static final MethodHandle CREATE = LIBRARY.function("taxon_peer_create", "IPPPP");
    private static final MethodHandle RUN = LIBRARY.function("taxon_peer_run", "IP");
    private static final MethodHandle DESTROY = LIBRARY.function("taxon_peer_destroy", "VP");

    private final long handle;

    /**
     * Makes oneDNN's kernel.
     *
     * @param work a name that {@code onednn.cpp} knows
     * @param sizes as it says there
     * @param data addresses, results first
     */
    OneDnn(String work, long[] sizes, long... data) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            long name = arena.allocateFrom(work).address();
            long sizesAddress = arena.allocateFrom(ValueLayout.JAVA_LONG, sizes).address();
            long dataAddress = arena.allocateFrom(ValueLayout.JAVA_LONG, data).address();
            check(Native.value(() -> (int) CREATE.invokeExact(out.address(), name, sizesAddress, dataAddress)));
            handle = out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    void run() {
        check(Native.value(() -> (int) RUN.invokeExact(handle)));
    }

    @Override
    public void close() {
        Native.value(() -> {
            DESTROY.invokeExact(handle);
            return true;
        });
    }

    private static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("oneDNN: "
                    + Native.value(() -> (MemorySegment) ERROR.invokeExact()).getString(0));
        }
    }

    /** The build puts it beside the classes and the benchmarks' jar. libtaxon has loaded oneDNN, which it needs. */
    private static NativeLibrary load() {
        Native.version();
        try {
            Path classes = Path.of(OneDnn.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path file = classes.resolveSibling("bench").resolve("libtaxon-bench.so");
            return new NativeLibrary(file, SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
