package dev.taxon.cudasim;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Compiles all kernels of {@code native/cuda} to PTX by the NVRTC of a folder, a line each. */
final class KernelReport {
    private static final Path SOURCES = Path.of("native/cuda");
    private static final List<String> ARCHITECTURES = List.of("compute_52", "compute_80", "compute_90");

    private final Cuda cuda;
    private final Arena arena = Arena.ofAuto();

    private KernelReport(Cuda cuda) {
        this.cuda = cuda;
    }

    /** @param args the folder of the libraries, and their files, by commas */
    public static void main(String[] args) throws IOException {
        KernelReport report = new KernelReport(new Cuda(Path.of(args[0]), args[1].split(",")));
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".cu")).sorted().toList()) {
                for (String architecture : ARCHITECTURES) {
                    System.out.println(
                            file.getFileName() + " " + architecture + ": " + report.compile(file, architecture));
                }
            }
        }
    }

    /** What the PTX says of itself, or the compiler's log. */
    private String compile(Path file, String architecture) throws IOException {
        MemorySegment cell = arena.allocate(ValueLayout.JAVA_LONG);
        cuda.succeed(
                "nvrtcCreateProgram",
                cell,
                arena.allocateFrom(Files.readString(file)),
                arena.allocateFrom(file.getFileName().toString()),
                0,
                MemorySegment.NULL,
                MemorySegment.NULL);
        long program = cell.get(ValueLayout.JAVA_LONG, 0);
        List<String> options = List.of(
                "--gpu-architecture=" + architecture,
                "--std=c++17",
                "--fmad=false",
                "--device-as-default-execution-space",
                "--include-path=" + SOURCES);
        MemorySegment table = arena.allocate(ValueLayout.ADDRESS, options.size());
        for (int i = 0; i < options.size(); i++) {
            table.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(options.get(i)));
        }
        int status = cuda.call("nvrtcCompileProgram", program, options.size(), table);
        String text = status == 0 ? text(program, "nvrtcGetPTX") : text(program, "nvrtcGetProgramLog");
        cuda.succeed("nvrtcDestroyProgram", cell);
        return status == 0 ? word(text, ".version") + " " + word(text, ".target") : "status " + status + "\n" + text;
    }

    private String text(long program, String function) {
        MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
        cuda.succeed(function + "Size", program, size);
        MemorySegment text = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0));
        cuda.succeed(function, program, text);
        return text.getString(0);
    }

    /** The directive and its value: {@code .version 8.5}. */
    private static String word(String ptx, String directive) {
        return ptx.lines().filter(l -> l.startsWith(directive)).findFirst().orElse("no " + directive);
    }
}
