package dev.taxon.device.cpu;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Extracts and loads libtaxon for this processor. Linux x86-64 with glibc 2.34 or newer and AVX2; elsewhere one
 * sentence says so.
 *
 * @param path the library that was loaded
 */
record NativeLibrary(Path path, SymbolLookup symbols) {
    /**
     * How often a thread looks for work before it sleeps: some tens of microseconds. LeNet-5's step with two threads on
     * two idle cores, medians of two runs each: 3.8 and 3.9 ms with 1000, 2.4 and 2.6 ms with 10000, 2.3 to 3.0 ms with
     * 30000 and 100000. On cores that other processes want too (one run each): 41 ms with 1000, 30 ms with 4000, 58 ms
     * with 30000, 249 ms with 300000.
     */
    private static final String SPIN_COUNT = "10000";

    private static final String NEEDED_GLIBC = "2.34";

    static NativeLibrary load() {
        Map<String, String> environment = System.getenv();
        checkPlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
        checkGlibc();
        Set<String> flags = processorFlags();
        require(
                flags.contains("avx2") && flags.contains("fma"),
                "the CPU device needs a processor with AVX2 and FMA; this one has neither or one of them, try"
                        + " --device reference");
        boolean wide = flags.containsAll(Set.of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"))
                && !"avx2".equals(environment.get("TAXON_SIMD"));
        Path folder = new NativeCache("/native/linux-x86_64").extract(roots(environment));
        Path library = folder.resolve(wide ? "libtaxon-avx512.so" : "libtaxon-avx2.so");
        // libgomp reads these when it is loaded; the user's own values win.
        if (!environment.containsKey("OMP_WAIT_POLICY") && !environment.containsKey("GOMP_SPINCOUNT")) {
            setEnvironment("OMP_WAIT_POLICY", "PASSIVE");
            setEnvironment("GOMP_SPINCOUNT", SPIN_COUNT);
        }
        try {
            return new NativeLibrary(library, SymbolLookup.libraryLookup(library, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "cannot load " + library + ": " + dlopenError(library) + "; it needs glibc " + NEEDED_GLIBC
                            + " or newer (here " + glibc() + ") and a cache folder from which libraries may be run"
                            + " (XDG_CACHE_HOME names another)",
                    e);
        }
    }

    static void checkPlatform(String os, String architecture) {
        require(
                os.equals("Linux") && (architecture.equals("amd64") || architecture.equals("x86_64")),
                "the CPU device runs on Linux x86-64; this is %s %s",
                os,
                architecture);
    }

    /** Cache folders to try, best first. */
    static List<Path> roots(Map<String, String> environment) {
        List<Path> roots = new ArrayList<>();
        String xdg = environment.get("XDG_CACHE_HOME");
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            roots.add(Path.of(xdg, "taxon"));
        }
        roots.add(Path.of(System.getProperty("user.home"), ".cache", "taxon"));
        roots.add(Path.of(System.getProperty("java.io.tmpdir"), "taxon-" + System.getProperty("user.name")));
        return roots;
    }

    private static Set<String> processorFlags() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(l -> l.startsWith("flags"))
                    .findFirst()
                    .map(l -> Set.copyOf(
                            List.of(l.substring(l.indexOf(':') + 1).trim().split(" +"))))
                    .orElse(Set.of());
        } catch (IOException e) {
            throw new UserError("cannot read /proc/cpuinfo to find the processor's instruction sets: " + e, e);
        }
    }

    private static void checkGlibc() {
        String version = glibc();
        require(
                Runtime.Version.parse(version).compareTo(Runtime.Version.parse(NEEDED_GLIBC)) >= 0,
                "the CPU device needs glibc %s or newer; this system has %s",
                NEEDED_GLIBC,
                version);
    }

    private static String glibc() {
        MemorySegment symbol = Linker.nativeLinker()
                .defaultLookup()
                .find("gnu_get_libc_version")
                .orElseThrow(() -> new UserError("the CPU device needs glibc; this system has another C library"));
        try {
            MethodHandle version = Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(C_STRING));
            return ((MemorySegment) version.invokeExact()).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static final ValueLayout C_STRING = ValueLayout.ADDRESS.withTargetLayout(
            java.lang.foreign.MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));

    private static void setEnvironment(String name, String value) {
        MethodHandle setenv = libc(
                "setenv",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int status = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
            if (status != 0) {
                throw new IllegalStateException("setenv(" + name + ") failed");
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
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

    private static MethodHandle libc(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
}
