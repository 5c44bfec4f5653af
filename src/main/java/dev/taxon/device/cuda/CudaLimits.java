package dev.taxon.device.cuda;

import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;

import dev.taxon.device.Roofline;
import dev.taxon.device.Roofline.Bandwidth;
import java.util.List;
import jcuda.driver.CUevent;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;

/** Measures what a GPU reaches: cuBLAS's product of square matrices, and copies within its memory. */
final class CudaLimits {
    private static final float ENOUGH_MILLIS = 5;
    private static final int LARGEST_MATRIX = 8192;
    private static final long LARGEST_COPY = 256L << 20;
    private static final int TRIES = 5;

    private final Gpu gpu;

    private CudaLimits(Gpu gpu) {
        this.gpu = gpu;
    }

    static Roofline measure(Gpu gpu) {
        CudaLimits limits = new CudaLimits(gpu);
        long bytes = Math.min(LARGEST_COPY, gpu.freeBytes() / 4);
        try (DeviceMemory a = new DeviceMemory(gpu, bytes, "measuring limits").zero();
                DeviceMemory b = new DeviceMemory(gpu, bytes, "measuring limits").zero()) {
            double flops = limits.products(a, b);
            double copied = limits.best(
                    () -> gpu.driver(JCudaDriver.cuMemcpyDtoDAsync(b.pointer(), a.pointer(), bytes, gpu.stream())));
            return new Roofline(flops, List.of(new Bandwidth(2 * bytes, 2 * bytes / copied)), Float.BYTES);
        }
    }

    /** Operations a second of the largest product that is worth its time. */
    private double products(DeviceMemory a, DeviceMemory b) {
        double flops = 0;
        for (int n = 256; n <= LARGEST_MATRIX && 2L * n * n * Float.BYTES <= a.bytes(); n *= 2) {
            int size = n;
            Operand product = () -> new Address(b.address() + (long) size * size * Float.BYTES);
            double seconds = best(() -> gpu.cublas(JCublas2.cublasSgemm(
                    gpu.cublas(),
                    CUBLAS_OP_N,
                    CUBLAS_OP_N,
                    size,
                    size,
                    size,
                    gpu.one(),
                    a.pointer(),
                    size,
                    b.pointer(),
                    size,
                    gpu.zero(),
                    product.pointer(),
                    size)));
            flops = Math.max(flops, 2.0 * n * n * n / seconds);
            if (seconds * 1e3 > ENOUGH_MILLIS) {
                break;
            }
        }
        return flops;
    }

    /** Seconds of the fastest of some runs, the first of which does not count. */
    private double best(Runnable work) {
        CUevent start = event();
        CUevent end = event();
        float best = Float.MAX_VALUE;
        for (int i = 0; i <= TRIES; i++) {
            gpu.driver(JCudaDriver.cuEventRecord(start, gpu.stream()));
            work.run();
            gpu.driver(JCudaDriver.cuEventRecord(end, gpu.stream()));
            gpu.synchronize();
            float[] millis = {0};
            gpu.driver(JCudaDriver.cuEventElapsedTime(millis, start, end));
            best = i == 0 ? best : Math.min(best, millis[0]);
        }
        gpu.release(JCudaDriver.cuEventDestroy(start));
        gpu.release(JCudaDriver.cuEventDestroy(end));
        return Math.max(best, 1e-4f) / 1e3;
    }

    private CUevent event() {
        CUevent event = new CUevent();
        gpu.driver(JCudaDriver.cuEventCreate(event, 0));
        return event;
    }
}
