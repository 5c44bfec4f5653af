package dev.taxon.natives;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What our libraries need: Linux x86-64 with glibc 2.34 or newer, AVX2 and FMA. Elsewhere one sentence says so. */
public final class Platform {
    static final String NEEDED_GLIBC = "2.34";

    private Platform() {}

    /**
     * Refuses a machine on which our libraries cannot run.
     *
     * @param user what needs them, as a sentence's subject: "the CPU device"
     * @param cure what to do without AVX2
     * @throws UserError on such a machine
     */
    public static void check(String user, String cure) {
        checkSystem(user, System.getProperty("os.name"), System.getProperty("os.arch"));
        String version = glibc();
        require(
                Runtime.Version.parse(version).compareTo(Runtime.Version.parse(NEEDED_GLIBC)) >= 0,
                "%s needs glibc %s or newer; this system has %s",
                user,
                NEEDED_GLIBC,
                version);
        Set<String> flags = processorFlags();
        require(
                flags.contains("avx2") && flags.contains("fma"),
                "%s needs a processor with AVX2 and FMA; this one has neither or one of them, %s",
                user,
                cure);
    }

    static void checkSystem(String user, String os, String architecture) {
        require(
                os.equals("Linux") && (architecture.equals("amd64") || architecture.equals("x86_64")),
                "%s runs on Linux x86-64; this is %s %s",
                user,
                os,
                architecture);
    }

    /** The instruction sets of this processor, by the kernel's names for them. */
    public static Set<String> processorFlags() {
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

    static String glibc() {
        MemorySegment symbol = Linker.nativeLinker()
                .defaultLookup()
                .find("gnu_get_libc_version")
                .orElseThrow(() -> new UserError("Taxon needs glibc; this system has another C library"));
        try {
            MethodHandle version =
                    Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(NativeLibrary.C_STRING));
            return ((MemorySegment) version.invokeExact()).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
