package dev.taxon.cudasim;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The simulated libraries, called by function name: an int is C's int, a long is size_t, a segment a pointer. */
final class Cuda {
    private static final Path FOLDER = Path.of("target/cudasim");
    private static final AddressLayout TEXT =
            ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(1 << 20, ValueLayout.JAVA_BYTE));

    private final SymbolLookup symbols;
    private final Map<String, java.lang.invoke.MethodHandle> handles = new ConcurrentHashMap<>();

    /** The simulated ones. */
    Cuda() {
        this(FOLDER, "libcuda.so.1", "libcublas.so.12", "libcudnn.so.9", "libnvrtc.so.12", "libnccl.so.2");
    }

    /** Those in a folder, in the order in which they need each other. */
    Cuda(Path folder, String... files) {
        symbols = Stream.of(files)
                .map(file -> SymbolLookup.libraryLookup(folder.resolve(file), Arena.global()))
                .reduce(SymbolLookup::or)
                .orElseThrow();
    }

    /** The status that the function answers. */
    int call(String function, Object... arguments) {
        return (int) invoke(ValueLayout.JAVA_INT, function, arguments);
    }

    /** A function that answers a number of 64 bits. */
    long count(String function, Object... arguments) {
        return (long) invoke(ValueLayout.JAVA_LONG, function, arguments);
    }

    String text(String function, Object... arguments) {
        return ((MemorySegment) invoke(TEXT, function, arguments)).getString(0);
    }

    void run(String function, Object... arguments) {
        call(function, arguments); // a void function's answer is not looked at
    }

    /** Calls a function that must succeed. */
    void succeed(String function, Object... arguments) {
        int status = call(function, arguments);
        if (status != 0) {
            throw new AssertionError(function + " answered " + status + why());
        }
    }

    String lastViolation() {
        return text("cudasim_last_violation");
    }

    private String why() {
        return symbols.find("cudasim_last_violation").isPresent() ? ": " + lastViolation() : "";
    }

    private Object invoke(MemoryLayout result, String function, Object... arguments) {
        List<MemoryLayout> layouts = Stream.of(arguments).map(Cuda::layout).toList();
        String key = function + layouts + result;
        try {
            return handles.computeIfAbsent(
                            key,
                            _ -> Linker.nativeLinker()
                                    .downcallHandle(
                                            symbols.find(function)
                                                    .orElseThrow(() -> new AssertionError("no function " + function)),
                                            FunctionDescriptor.of(result, layouts.toArray(MemoryLayout[]::new))))
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(function, e);
        }
    }

    private static MemoryLayout layout(Object argument) {
        return switch (argument) {
            case Integer _ -> ValueLayout.JAVA_INT;
            case Long _ -> ValueLayout.JAVA_LONG;
            case Float _ -> ValueLayout.JAVA_FLOAT;
            case Double _ -> ValueLayout.JAVA_DOUBLE;
            case MemorySegment _ -> ValueLayout.ADDRESS;
            default -> throw new IllegalArgumentException("no C type for " + argument);
        };
    }
}
