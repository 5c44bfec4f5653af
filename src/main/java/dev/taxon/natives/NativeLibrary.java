package dev.taxon.natives;

import dev.taxon.UserError;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A library of the jar, extracted and loaded.
 *
 * @param path the file that was loaded
 */
public record NativeLibrary(Path path, SymbolLookup symbols) {
    static final AddressLayout C_STRING =
            ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));

    /**
     * Loads a library, on a machine that {@link Platform#check} lets pass.
     *
     * @param file its name in the jar
     * @throws UserError if it cannot be extracted or loaded
     */
    public static NativeLibrary load(String file) {
        Path library = extract("/native/linux-x86_64").resolve(file);
        try {
            return new NativeLibrary(library, SymbolLookup.libraryLookup(library, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "cannot load " + library + ": " + dlopenError(library) + "; it needs glibc "
                            + Platform.NEEDED_GLIBC + " or newer (here " + Platform.glibc()
                            + ") and a cache folder from which libraries may be run (XDG_CACHE_HOME names another)",
                    e);
        }
    }

    /**
     * The folder that holds the extracted libraries of a class path folder with an {@code index.txt}.
     *
     * @throws UserError if no cache folder can be written
     */
    public static Path extract(String resources) {
        return new NativeCache(resources).extract(roots(System.getenv()));
    }

    /**
     * A function of this library.
     *
     * @param type letters for the result, then the arguments: A pointer as a segment, P pointer as a long, J int64, I
     *     int32, D double, F float, S string, V none
     */
    public MethodHandle function(String name, String type) {
        MemoryLayout[] arguments =
                type.chars().skip(1).mapToObj(NativeLibrary::layout).toArray(MemoryLayout[]::new);
        FunctionDescriptor descriptor = type.charAt(0) == 'V'
                ? FunctionDescriptor.ofVoid(arguments)
                : FunctionDescriptor.of(layout(type.charAt(0)), arguments);
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
    }

    private static MemoryLayout layout(int letter) {
        return switch (letter) {
            case 'A' -> ValueLayout.ADDRESS;
            case 'P', 'J' -> ValueLayout.JAVA_LONG;
            case 'I' -> ValueLayout.JAVA_INT;
            case 'D' -> ValueLayout.JAVA_DOUBLE;
            case 'F' -> ValueLayout.JAVA_FLOAT;
            case 'S' -> C_STRING;
            default -> throw new IllegalArgumentException("type letter " + (char) letter);
        };
    }

    /** Cache folders to try, best first. */
    public static List<Path> roots(Map<String, String> environment) {
        List<Path> roots = new ArrayList<>();
        String xdg = environment.get("XDG_CACHE_HOME");
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            roots.add(Path.of(xdg, "taxon"));
        }
        roots.add(Path.of(System.getProperty("user.home"), ".cache", "taxon"));
        roots.add(Path.of(System.getProperty("java.io.tmpdir"), "taxon-" + System.getProperty("user.name")));
        return roots;
    }

    /** What the dynamic linker says about a library that did not load. */
    private static String dlopenError(Path library) {
        MethodHandle dlopen =
                libc("dlopen", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        MethodHandle dlerror = libc("dlerror", FunctionDescriptor.of(C_STRING));
        int now = 2; // RTLD_NOW
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = (MemorySegment) dlopen.invokeExact(arena.allocateFrom(library.toString()), now);
            if (handle.address() != 0) {
                return "it loads now; try again";
            }
            return ((MemorySegment) dlerror.invokeExact()).getString(0);
        } catch (Throwable e) {
            return e.toString();
        }
    }

    /** A function of the C library. */
    public static MethodHandle libc(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
}
