package dev.taxon.device.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;

/** Our kernels by file ({@code native/cuda/*.cu}) and name; a file is compiled for this GPU by NVRTC when first asked for. */
final class Kernels implements AutoCloseable {
    private final Gpu gpu;
    private final DiskCache cache;
    private final Map<String, CUmodule> modules = new HashMap<>();
    private final Map<String, Kernel> kernels = new HashMap<>();

    Kernels(Gpu gpu, DiskCache cache) {
        this.gpu = gpu;
        this.cache = cache;
    }

    /**
     * A kernel.
     *
     * @param file its file without {@code .cu}
     * @param name of the {@code extern "C"} function
     */
    Kernel kernel(String file, String name) {
        return kernels.computeIfAbsent(file + "." + name, _ -> {
            CUmodule module = modules.computeIfAbsent(file, this::load);
            CUfunction function = new CUfunction();
            gpu.driver(JCudaDriver.cuModuleGetFunction(function, module, name));
            return new Kernel(name, function);
        });
    }

    /** From the cache where it has what NVRTC would make of this source here, and the driver takes it; else from NVRTC. */
    private CUmodule load(String file) {
        String source = source(file);
        String[] options = {"--gpu-architecture=" + gpu.architecture(), "--std=c++17", "--fmad=false"};
        String key = DiskCache.key(file, List.of(gpu.name(), nvrtcVersion(), String.join(" ", options), source));
        CUmodule module = new CUmodule();
        byte[] kept = cache.find(key);
        if (kept == null || JCudaDriver.cuModuleLoadData(module, kept) != 0) {
            byte[] compiled = compile(file, source, options);
            gpu.driver(JCudaDriver.cuModuleLoadData(module, compiled));
            cache.keep(key, compiled);
        }
        return module;
    }

    private static String nvrtcVersion() {
        int[] major = {0};
        int[] minor = {0};
        CudaStatus.nvrtc(JNvrtc.nvrtcVersion(major, minor));
        return major[0] + "." + minor[0];
    }

    /** A cubin for this GPU, or PTX when NVRTC does not know the GPU yet, or makes no cubin. */
    private byte[] compile(String file, String source, String[] options) {
        nvrtcProgram program = new nvrtcProgram();
        CudaStatus.nvrtc(JNvrtc.nvrtcCreateProgram(program, source, file + ".cu", 0, null, null));
        try {
            int status = JNvrtc.nvrtcCompileProgram(program, options.length, options);
            if (status != 0) {
                String[] log = {""};
                JNvrtc.nvrtcGetProgramLog(program, log);
                throw new IllegalStateException(
                        "NVRTC cannot compile " + file + ".cu: " + JNvrtc.nvrtcGetErrorString(status) + "\n" + log[0]);
            }
            return image(program);
        } finally {
            JNvrtc.nvrtcDestroyProgram(program);
        }
    }

    private byte[] image(nvrtcProgram program) {
        long[] size = {0};
        if (gpu.architecture().startsWith("sm_") && JNvrtc.nvrtcGetCUBINSize(program, size) == 0 && size[0] > 0) {
            byte[] cubin = new byte[Math.toIntExact(size[0])];
            CudaStatus.nvrtc(JNvrtc.nvrtcGetCUBIN(program, cubin));
            return cubin;
        }
        String[] ptx = {""};
        CudaStatus.nvrtc(JNvrtc.nvrtcGetPTX(program, ptx));
        return (ptx[0] + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    /** The file with the headers that it includes by quotes put in, each once. */
    private static String source(String file) {
        StringBuilder text = new StringBuilder();
        include(file + ".cu", text, new HashSet<>());
        return text.toString();
    }

    private static void include(String file, StringBuilder text, Set<String> included) {
        int number = 0;
        for (String line : read(file).split("\n", -1)) {
            number++;
            if (line.startsWith("#include \"")) {
                String header = line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
                if (included.add(header)) {
                    text.append("#line 1 \"").append(header).append("\"\n");
                    include(header, text, included);
                }
                text.append("#line ")
                        .append(number + 1)
                        .append(" \"")
                        .append(file)
                        .append("\"\n");
            } else if (!line.startsWith("#pragma once")) {
                text.append(line).append('\n');
            } else {
                text.append('\n');
            }
        }
    }

    private static String read(String file) {
        try (InputStream in = Kernels.class.getResourceAsStream("/native/cuda/" + file)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks /native/cuda/" + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        modules.values().forEach(m -> gpu.release(JCudaDriver.cuModuleUnload(m)));
    }
}
