package dev.taxon.cli;

import dev.taxon.UserError;
import dev.taxon.device.Device;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.cuda.CudaDevice;
import dev.taxon.device.cuda.CudaLibraries;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists what can compute here. */
@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        description = {
            "Lists what --device can name here: the CPU and each GPU with its memory and library versions; if no GPU can be"
                    + " used, why not and the cure.",
            "",
            "GPUs need NVIDIA's driver, and cuBLAS 12, cuDNN 9 and NVRTC 12: from the system, CUDA_HOME, LD_LIBRARY_PATH, a"
                    + " Python environment (pip install nvidia-cublas-cu12 nvidia-cudnn-cu12 nvidia-cuda-nvrtc-cu12), or a"
                    + " folder that TAXON_CUDA_PATH names."
        })
final class DevicesCommand implements Runnable {
    @Option(names = "--libraries", description = "also where CUDA's libraries were loaded from")
    private boolean libraries;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        list(CudaLibraries.of(System.getenv()), spec.commandLine().getOut());
    }

    void list(CudaLibraries cuda, PrintWriter out) {
        printCpu(out);
        try {
            int count = CudaDevice.count(cuda);
            for (int i = 0; i < count; i++) {
                printGpu(i, cuda, out);
            }
        } catch (UserError unusable) {
            print(out, "cuda", "not usable: " + unusable.getMessage());
        }
        print(out, "reference", "plain Java in double precision: slow, for checks");
        out.flush();
    }

    private static void printCpu(PrintWriter out) {
        try (Device cpu = CpuDevice.open(0)) {
            print(out, cpu.name(), cpu.describe());
        } catch (UserError unusable) {
            print(out, "cpu", "not usable: " + unusable.getMessage());
        }
    }

    private void printGpu(int index, CudaLibraries cuda, PrintWriter out) {
        try (CudaDevice gpu = CudaDevice.open(index, cuda)) {
            print(out, gpu.name(), gpu.describe());
            if (libraries) {
                gpu.libraries().values().forEach(path -> print(out, "", path.toString()));
            }
        } catch (UserError unusable) {
            print(out, "cuda:" + index, "not usable: " + unusable.getMessage());
        }
    }

    private static void print(PrintWriter out, String name, String text) {
        out.printf("%-10s %s%n", name, text);
    }
}
