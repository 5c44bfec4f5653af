package dev.taxon.device.cuda;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.device.ComputeThread;
import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Precision;
import dev.taxon.device.Program;
import dev.taxon.device.Roofline;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import jcuda.driver.JCudaDriver;
import jcuda.jcudnn.JCudnn;

/** A GPU of NVIDIA through cuDNN, cuBLAS and our own kernels. */
public final class CudaDevice implements Device {
    private final ComputeThread compute;
    private final Gpu gpu;
    private final Transfers transfers;
    private final Map<String, Path> libraries;

    private CudaDevice(ComputeThread compute, Gpu gpu, Transfers transfers, Map<String, Path> libraries) {
        this.compute = compute;
        this.gpu = gpu;
        this.transfers = transfers;
        this.libraries = libraries;
    }

    /**
     * How many GPUs the driver shows.
     *
     * @throws UserError one sentence that says why none can be used, and the cure
     */
    public static int count(CudaLibraries libraries) {
        libraries.load();
        return Gpu.count();
    }

    /**
     * Loads CUDA's libraries and takes a GPU.
     *
     * @param index number of the GPU, as the driver counts those that CUDA_VISIBLE_DEVICES shows
     * @throws UserError one sentence that says why there is none, and the cure
     */
    public static CudaDevice open(int index, CudaLibraries libraries) {
        return open(index, libraries, Precision.FLOAT32);
    }

    /** The same, multiplying as {@code precision} says. */
    public static CudaDevice open(int index, CudaLibraries libraries, Precision precision) {
        Map<String, Path> loaded = libraries.load();
        ComputeThread compute = new ComputeThread("taxon-cuda-" + index);
        try {
            Gpu gpu = compute.call(() -> new Gpu(index, precision));
            try {
                return new CudaDevice(compute, gpu, new Transfers(gpu, compute), loaded);
            } catch (RuntimeException e) {
                compute.run(gpu::close);
                throw e;
            }
        } catch (RuntimeException e) {
            compute.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "cuda:" + gpu.index();
    }

    @Override
    public String describe() {
        int[] driver = {0};
        CudaStatus.driver(JCudaDriver.cuDriverGetVersion(driver));
        long cudnn = JCudnn.cudnnGetVersion();
        return String.format(
                Locale.ROOT,
                "GPU %d, %s, compute capability %s, %s (%s free), driver for CUDA %d.%d, cuDNN %d.%d.%d, %s",
                gpu.index(),
                gpu.name(),
                gpu.capability(),
                DeviceMemory.size(gpu.totalBytes()),
                DeviceMemory.size(freeBytes()),
                driver[0] / 1000,
                driver[0] % 1000 / 10,
                cudnn / 10000,
                cudnn / 100 % 100,
                cudnn % 100,
                gpu.precision().name().toLowerCase(Locale.ROOT));
    }

    /** Where each library was loaded from, by its file name. */
    public Map<String, Path> libraries() {
        return libraries;
    }

    @Override
    public Precision precision() {
        return gpu.precision();
    }

    /** Calls of the libraries so far: what a step costs the host. */
    public long calls() {
        return compute.call(gpu::calls);
    }

    /** Memory of the GPU that nobody holds. */
    public long freeBytes() {
        return compute.call(gpu::freeBytes);
    }

    @Override
    public Weights allocate(Graph graph) {
        return compute.call(() -> new CudaWeights(graph, gpu, compute, transfers));
    }

    @Override
    public Program compile(Graph graph, Weights weights, Options options) {
        if (!(weights instanceof CudaWeights own) || own.gpu() != gpu) {
            throw new IllegalArgumentException("these weights were allocated by another device");
        }
        boolean sync = options.peers().size() > 1
                && graph.nodes().stream().anyMatch(n -> n.layer() instanceof Layer.BatchNorm2d bn && bn.sync());
        require(!sync, "SyncBN among several processes is not on GPUs yet; use --device cpu, or BN");
        return compute.call(() -> CudaProgram.compile(graph, own, options, compute));
    }

    @Override
    public Roofline roofline() {
        return compute.call(() -> CudaLimits.measure(gpu));
    }

    @Override
    public void close() {
        transfers.close();
        compute.run(gpu::close);
        compute.close();
    }
}
