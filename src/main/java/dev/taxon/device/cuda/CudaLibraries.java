package dev.taxon.device.cuda;

import dev.taxon.UserError;
import dev.taxon.natives.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where CUDA's libraries lie. The driver's comes with the driver; cuBLAS, cuDNN and NVRTC come from a folder of an unpacked
 * archive ({@code TAXON_CUDA_PATH}), CUDA_HOME, LD_LIBRARY_PATH, a Python environment's {@code nvidia} packages, or wherever
 * the system's loader finds them.
 *
 * @param folders to search, best first; the loader's own places come last
 */
public record CudaLibraries(List<Path> folders) {
    private static final List<Path> DRIVERS =
            List.of(Path.of("/proc/driver/nvidia/version"), Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"));

    public CudaLibraries {
        folders = List.copyOf(folders);
    }

    /** In the order in which they are loaded: each finds those it needs by name among those loaded before. */
    private enum Library {
        DRIVER("libcuda.so.1", "no NVIDIA driver is installed", "install one (nvidia-smi then shows the GPU)"),
        CUBLAS_LT("libcublasLt.so.12", "", ""),
        CUBLAS(
                "libcublas.so.12",
                "cuBLAS of CUDA 12 is missing",
                "pip install nvidia-cublas-cu12, or install the CUDA 12 toolkit and set CUDA_HOME"),
        CUDNN(
                "libcudnn.so.9",
                "cuDNN 9 is missing",
                "pip install nvidia-cudnn-cu12, or unpack cuDNN 9 and set TAXON_CUDA_PATH to its folder"),
        NVRTC(
                "libnvrtc.so.12",
                "NVRTC of CUDA 12 is missing",
                "pip install nvidia-cuda-nvrtc-cu12, or install the CUDA 12 toolkit and set CUDA_HOME");

        private final String file;
        private final String missing;
        private final String cure;

        Library(String file, String missing, String cure) {
            this.file = file;
            this.missing = missing;
            this.cure = cure;
        }

        boolean isNeeded() {
            return !missing.isEmpty();
        }
    }

    /** Those in one folder, for instance an unpacked archive's, or of a test double. */
    public static CudaLibraries of(Path folder) {
        return new CudaLibraries(List.of(folder));
    }

    /** Those that this environment points to. */
    public static CudaLibraries of(Map<String, String> environment) {
        Set<Path> folders = new LinkedHashSet<>();
        paths(environment.get("TAXON_CUDA_PATH")).forEach(p -> folders.addAll(withLibraries(p)));
        Stream.of("CUDA_HOME", "CUDA_PATH")
                .flatMap(key -> paths(environment.get(key)).stream())
                .forEach(p -> folders.addAll(List.of(p.resolve("lib64"), p.resolve("lib"))));
        folders.addAll(paths(environment.get("LD_LIBRARY_PATH")));
        Stream.of("VIRTUAL_ENV", "CONDA_PREFIX")
                .flatMap(key -> paths(environment.get(key)).stream())
                .forEach(p -> folders.addAll(ofPython(p)));
        paths(environment.get("HOME")).forEach(p -> folders.addAll(ofPython(p.resolve(".local"))));
        List.of("/usr/local", "/usr").forEach(p -> folders.addAll(ofPython(Path.of(p))));
        folders.add(Path.of("/usr/local/cuda/lib64"));
        folders.add(Path.of("/usr/lib/wsl/lib"));
        return new CudaLibraries(List.copyOf(folders));
    }

    private static List<Path> paths(@org.jspecify.annotations.Nullable String value) {
        return value == null || value.isBlank()
                ? List.of()
                : Stream.of(value.split(File.pathSeparator))
                        .filter(p -> !p.isBlank())
                        .map(Path::of)
                        .toList();
    }

    // An unpacked archive keeps libraries at its top, in lib, or two folders down.
    private static List<Path> withLibraries(Path root) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(root, 6)) {
            return tree.filter(p -> p.getFileName().toString().contains(".so"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();
        } catch (IOException e) {
            return List.of(root);
        }
    }

    /** {@code lib}, and {@code lib/python3.X/site-packages/nvidia/NAME/lib} of what pip installs. */
    private static List<Path> ofPython(Path prefix) {
        List<Path> folders = new ArrayList<>();
        for (Path python : matching(prefix.resolve("lib"), "python3*")) {
            for (String packages : List.of("site-packages", "dist-packages")) {
                for (Path each : matching(python.resolve(packages).resolve("nvidia"), "*")) {
                    folders.add(each.resolve("lib"));
                }
            }
        }
        folders.add(prefix.resolve("lib"));
        return folders;
    }

    private static List<Path> matching(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
                entries.forEach(found::add);
            } catch (IOException e) {
                return List.of(); // as if it were not there
            }
        }
        return found;
    }

    /**
     * Whether the kernel has NVIDIA's driver (on WSL, Windows' for graphics): without one nobody expects a GPU, and none is
     * looked for unless it is named.
     */
    public static boolean hasDriver() {
        return DRIVERS.stream().anyMatch(Files::exists);
    }

    /**
     * Loads them, then JCuda's own, into this process. A process keeps the first that it loads.
     *
     * @return what was loaded, by file name
     * @throws UserError one sentence that names the first that is missing, and its cure
     */
    Map<String, Path> load() {
        for (Library library : Library.values()) {
            Path path = find(library);
            if (path != null) {
                if (library == Library.NVRTC) {
                    matching(path.resolveSibling("."), "libnvrtc-builtins.so.*").forEach(CudaLibraries::open);
                }
                open(path);
            } else if (!isLoaded(library.file) && library.isNeeded()) {
                throw UserError.of(
                        "%s (%s): %s; or run with --device cpu", library.missing, library.file, library.cure);
            }
        }
        loadJCuda();
        return mapped();
    }

    private @org.jspecify.annotations.Nullable Path find(Library library) {
        return folders.stream()
                .map(f -> f.resolve(library.file))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(null);
    }

    private static void open(Path library) {
        try {
            SymbolLookup _ = SymbolLookup.libraryLookup(library, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "cannot load " + library
                            + ": is it complete, for x86-64, and are the libraries that it needs beside it"
                            + " (ldd lists them)?",
                    e);
        }
    }

    /** Loads a library from where the system's loader finds it. */
    private static boolean isLoaded(String file) {
        try {
            SymbolLookup _ = SymbolLookup.libraryLookup(file, Arena.global());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    // JCuda unpacks its libraries into java.io.tmpdir in a way that breaks when two processes start at once, but takes
    // a
    // file that is there already: ours, whole and checked, from the cache.
    private static synchronized void loadJCuda() {
        Path folder = NativeLibrary.extract("/native/jcuda");
        String before = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", folder.toString());
        try {
            for (String each : List.of(
                    "jcuda.driver.JCudaDriver",
                    "jcuda.nvrtc.JNvrtc",
                    "jcuda.jcublas.JCublas2",
                    "jcuda.jcudnn.JCudnn")) {
                Class.forName(each);
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
    }

    private static Map<String, Path> mapped() {
        Map<String, Path> paths = new java.util.TreeMap<>();
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            lines.filter(l -> l.contains("/"))
                    .map(l -> Path.of(l.substring(l.indexOf('/'))))
                    .filter(p -> Stream.of(Library.values())
                            .anyMatch(
                                    l -> p.getFileName().toString().startsWith(l.file.replaceAll("\\.so\\..*", ".so"))))
                    .forEach(p -> paths.put(p.getFileName().toString(), p));
        } catch (IOException e) {
            throw new UserError("cannot read /proc/self/maps to tell which libraries are loaded: " + e, e);
        }
        return paths;
    }
}
