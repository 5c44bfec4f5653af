package dev.taxon.device.cuda;

import static dev.taxon.UserError.require;

import dev.taxon.device.Precision;
import dev.taxon.natives.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import jcuda.nvrtc.JNvrtc;
import jcuda.runtime.cudaStream_t;

/**
 * One GPU: its context, the stream that computes, and the handles of the libraries. Every method is called on the device's
 * compute thread, where the context is current. Calls are checked and counted here.
 */
final class Gpu implements AutoCloseable {
    private static final int STREAM_NON_BLOCKING = 1;
    private static final int NEEDED_DRIVER = 12_000;

    private final int index;
    private final Precision precision;
    private final String name;
    private final int major;
    private final int minor;
    private final String architecture;
    private final long totalBytes;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final CUstream copies = new CUstream();
    private final cublasHandle cublas = new cublasHandle();
    private final cudnnHandle cudnn = new cudnnHandle();
    private final Owned owned = new Owned();
    private final Arena arena = Arena.ofShared();
    private final Kernels kernels = new Kernels(this, new DiskCache(NativeLibrary.roots(System.getenv()), "kernels"));
    private final FoundAlgorithms foundAlgorithms;
    private final Arguments arguments = new Arguments(this, arena);
    private final Address one;
    private final Address zero;
    private long calls;

    /** Initializes GPU number {@code index} of those that the driver shows; makes its context current on this thread. */
    Gpu(int index, Precision precision) {
        this.index = index;
        this.precision = precision;
        int count = count();
        require(
                index < count,
                "device 'cuda:%d': there %s numbered from 0; the command 'devices' lists them",
                index,
                count == 1 ? "is 1 GPU," : "are " + count + " GPUs,");
        driver(JCudaDriver.cuDeviceGet(device, index));
        byte[] text = new byte[256];
        driver(JCudaDriver.cuDeviceGetName(text, text.length, device));
        name = new String(text, StandardCharsets.UTF_8).replace("\0", "").strip();
        major = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
        minor = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        require(
                major >= 5,
                "%s has compute capability %d.%d; cuDNN 9 needs 5.0 or newer: use another GPU, or --device cpu",
                name,
                major,
                minor);
        require(
                precision != Precision.BF16 || major >= 8,
                "%s has compute capability %d.%d; bf16 needs 8.0 (Ampere) or newer: set taxon.precision='fp16'",
                name,
                major,
                minor);
        long[] total = {0};
        driver(JCudaDriver.cuDeviceTotalMem(total, device));
        totalBytes = total[0];
        architecture = knownArchitecture(major * 10 + minor);
        foundAlgorithms = new FoundAlgorithms(
                new DiskCache(NativeLibrary.roots(System.getenv()), "algorithms"), name, JCudnn.cudnnGetVersion());
        one = constant(1);
        zero = constant(0);
        owned.onClose(arena::close);
        try {
            start();
        } catch (RuntimeException e) {
            owned.close();
            throw e;
        }
    }

    private void start() {
        driver(JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
        owned.onClose(() -> release(JCudaDriver.cuDevicePrimaryCtxRelease(device)));
        driver(JCudaDriver.cuCtxSetCurrent(context));
        driver(JCudaDriver.cuStreamCreate(stream, STREAM_NON_BLOCKING));
        owned.onClose(() -> release(JCudaDriver.cuStreamDestroy(stream)));
        driver(JCudaDriver.cuStreamCreate(copies, STREAM_NON_BLOCKING));
        owned.onClose(() -> release(JCudaDriver.cuStreamDestroy(copies)));
        cublas(JCublas2.cublasCreate(cublas));
        owned.onClose(() -> release(JCublas2.cublasDestroy(cublas)));
        cublas(JCublas2.cublasSetStream(cublas, new cudaStream_t(stream)));
        cublas(JCublas2.cublasSetMathMode(
                cublas,
                precision == Precision.TF32 ? cublasMath.CUBLAS_TF32_TENSOR_OP_MATH : cublasMath.CUBLAS_DEFAULT_MATH));
        cudnn(JCudnn.cudnnCreate(cudnn));
        owned.onClose(() -> release(JCudnn.cudnnDestroy(cudnn)));
        cudnn(JCudnn.cudnnSetStream(cudnn, new cudaStream_t(stream)));
        owned.onClose(kernels::close);
    }

    /**
     * How many GPUs the driver shows.
     *
     * @throws UserError if it shows none, or is too old
     */
    static int count() {
        CudaStatus.takeOver();
        int[] version = {0};
        CudaStatus.driver(JCudaDriver.cuDriverGetVersion(version));
        require(
                version[0] >= NEEDED_DRIVER,
                "the NVIDIA driver is for CUDA %d.%d; CUDA 12 needs driver 525 or newer: update it, or run with --device cpu",
                version[0] / 1000,
                version[0] % 1000 / 10);
        int status = JCudaDriver.cuInit(0);
        require(
                status == 0,
                "the NVIDIA driver shows no GPU that can be used: %s; see nvidia-smi and CUDA_VISIBLE_DEVICES, or run with"
                        + " --device cpu",
                status == 0 ? "" : CudaStatus.name(status));
        int[] count = {0};
        CudaStatus.driver(JCudaDriver.cuDeviceGetCount(count));
        require(count[0] > 0, "the NVIDIA driver shows no GPU; see nvidia-smi, or run with --device cpu");
        return count[0];
    }

    private int attribute(int which) {
        int[] value = {0};
        driver(JCudaDriver.cuDeviceGetAttribute(value, which, device));
        return value[0];
    }

    /** {@code sm_XY} where NVRTC knows this GPU, else {@code compute_XY} of the newest that it knows, for the driver to finish. */
    private static String knownArchitecture(int capability) {
        int[] count = {0};
        if (JNvrtc.nvrtcGetNumSupportedArchs(count) != 0 || count[0] == 0) {
            return "compute_" + capability;
        }
        int[] known = new int[count[0]];
        CudaStatus.nvrtc(JNvrtc.nvrtcGetSupportedArchs(known));
        int newest = 0;
        for (int each : known) {
            if (each == capability) {
                return "sm_" + capability;
            }
            newest = each < capability ? Math.max(newest, each) : newest;
        }
        return "compute_" + newest;
    }

    private Address constant(float value) {
        MemorySegment cell = arena.allocateFrom(ValueLayout.JAVA_FLOAT, value);
        return new Address(cell.address());
    }

    int index() {
        return index;
    }

    Precision precision() {
        return precision;
    }

    String name() {
        return name;
    }

    /** Compute capability: 8.6. */
    String capability() {
        return major + "." + minor;
    }

    /** What NVRTC compiles for: {@code sm_86}. */
    String architecture() {
        return architecture;
    }

    long totalBytes() {
        return totalBytes;
    }

    long freeBytes() {
        long[] free = {0};
        driver(JCudaDriver.cuMemGetInfo(free, new long[1]));
        return free[0];
    }

    /** The stream that computes. */
    CUstream stream() {
        return stream;
    }

    /** The stream that copies inputs while the other computes. */
    CUstream copies() {
        return copies;
    }

    cudnnHandle cudnn() {
        return cudnn;
    }

    cublasHandle cublas() {
        return cublas;
    }

    Kernel kernel(String file, String kernel) {
        return kernels.kernel(file, kernel);
    }

    /** Convolution algorithms that were the fastest on this card. */
    FoundAlgorithms foundAlgorithms() {
        return foundAlgorithms;
    }

    /** For the next launch of one of our kernels. */
    Arguments arguments() {
        return arguments.begin();
    }

    /** A float32 1 on the host, for alpha and beta. */
    Address one() {
        return one;
    }

    /** A float32 0 on the host: as beta it means that the result's old contents are not read. */
    Address zero() {
        return zero;
    }

    /** Checks a driver call. */
    void driver(int status) {
        calls++;
        if (status != 0) {
            CudaStatus.driver(status);
        }
    }

    void cudnn(int status) {
        calls++;
        if (status != 0) {
            CudaStatus.cudnn(status);
        }
    }

    void cublas(int status) {
        calls++;
        if (status != 0) {
            CudaStatus.cublas(status);
        }
    }

    /** Calls so far: how much the host does for a step. */
    long calls() {
        return calls;
    }

    private final List<Integer> failedReleases = new ArrayList<>();

    /** Notes the status of a call that frees something: on a lost GPU those fail too, and must not hide why. */
    void release(int status) {
        if (status != 0) {
            failedReleases.add(status);
        }
    }

    /** Waits for everything that was started on the compute stream, and throws what went wrong in it. */
    void synchronize() {
        driver(JCudaDriver.cuStreamSynchronize(stream));
    }

    @Override
    public void close() {
        release(JCudaDriver.cuStreamSynchronize(stream));
        owned.close();
    }
}
