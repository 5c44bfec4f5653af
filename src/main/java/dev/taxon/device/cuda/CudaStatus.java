package dev.taxon.device.cuda;

import dev.taxon.UserError;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.cublasStatus;
import jcuda.jcudnn.JCudnn;
import jcuda.nvrtc.JNvrtc;

/**
 * Turns the status codes of the four libraries into exceptions. JCuda's own exceptions are off: JCudnn's constants are
 * those of cuDNN 8, and cuDNN 9 numbers its codes otherwise, so errors are named by the library itself.
 */
final class CudaStatus {
    /** CUDA_ERROR_OUT_OF_MEMORY, which allocations handle themselves. */
    static final int OUT_OF_MEMORY = 2;

    /** CUDA_ERROR_NOT_READY: work in flight, no error. */
    static final int NOT_READY = 600;

    private CudaStatus() {}

    /** Turns exceptions off and checks on; call it once before other calls. */
    static void takeOver() {
        JCudaDriver.setExceptionsEnabled(false);
        JCudnn.setExceptionsEnabled(false);
        jcuda.jcublas.JCublas2.setExceptionsEnabled(false);
        JNvrtc.setExceptionsEnabled(false);
    }

    static void driver(int status) {
        if (status != 0) {
            throw failed("CUDA", name(status), isLost(status));
        }
    }

    static void cudnn(int status) {
        if (status != 0) {
            throw failed("cuDNN", JCudnn.cudnnGetErrorString(status) + " (" + status + ")", false);
        }
    }

    static void cublas(int status) {
        if (status != 0) {
            throw failed("cuBLAS", cublasStatus.stringFor(status), false);
        }
    }

    static void nvrtc(int status) {
        if (status != 0) {
            throw failed("NVRTC", JNvrtc.nvrtcGetErrorString(status), false);
        }
    }

    /** A driver's error in words: CUDA_ERROR_LAUNCH_FAILED (719), unspecified launch failure. */
    static String name(int status) {
        String[] name = {""};
        String[] text = {""};
        JCudaDriver.cuGetErrorName(status, name);
        JCudaDriver.cuGetErrorString(status, text);
        return name[0] + " (" + status + (text[0] == null || text[0].isEmpty() ? ")" : "), " + text[0]);
    }

    /** Errors of the card rather than of a call: ECC, NVLink, a card that fell off the bus or was reset. */
    private static boolean isLost(int status) {
        return switch (status) {
            case 4, 46, 100, 214, 220, 226, 702, 710, 714, 719, 999 -> true;
            default -> false;
        };
    }

    private static RuntimeException failed(String library, String error, boolean lost) {
        if (lost) {
            return UserError.of(
                    "the GPU stopped working: %s; see dmesg and nvidia-smi, then go on from the last checkpoint with"
                            + " --resume-from auto",
                    error);
        }
        if (error.contains("OUT_OF_MEMORY") || error.contains("ALLOC_FAILED")) {
            return UserError.of(
                    "the GPU has too little memory left for %s itself (%s); end other programs that use it (nvidia-smi lists"
                            + " them), or give a smaller batch (data.samples_per_gpu)",
                    library, error);
        }
        return new IllegalStateException(library + " call failed: " + error);
    }
}
