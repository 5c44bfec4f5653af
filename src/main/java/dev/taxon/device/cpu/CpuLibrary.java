package dev.taxon.device.cpu;

import dev.taxon.natives.NativeLibrary;
import dev.taxon.natives.Platform;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Set;

/** Chooses and loads libtaxon for this processor, its OpenMP set up first. */
final class CpuLibrary {
    /**
     * How often a thread looks for work before it sleeps: some tens of microseconds. LeNet-5's step with two threads on
     * two idle cores, medians of two runs each: 3.8 and 3.9 ms with 1000, 2.4 and 2.6 ms with 10000, 2.3 to 3.0 ms with
     * 30000 and 100000. On cores that other processes want too (one run each): 41 ms with 1000, 30 ms with 4000, 58 ms
     * with 30000, 249 ms with 300000.
     */
    private static final String SPIN_COUNT = "10000";

    private static final Set<String> AVX512 = Set.of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl");

    private CpuLibrary() {}

    static NativeLibrary load() {
        Platform.check("the CPU device", "try --device reference");
        Map<String, String> environment = System.getenv();
        // libgomp reads these when it is loaded; the user's own values win.
        if (!environment.containsKey("OMP_WAIT_POLICY") && !environment.containsKey("GOMP_SPINCOUNT")) {
            setEnvironment("OMP_WAIT_POLICY", "PASSIVE");
            setEnvironment("GOMP_SPINCOUNT", SPIN_COUNT);
        }
        boolean wide = !"avx2".equals(environment.get("TAXON_SIMD"))
                && Platform.processorFlags().containsAll(AVX512);
        return NativeLibrary.load(wide ? "libtaxon-avx512.so" : "libtaxon-avx2.so");
    }

    private static void setEnvironment(String name, String value) {
        MethodHandle setenv = NativeLibrary.libc(
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
}
