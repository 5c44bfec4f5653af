package dev.taxon.device.cuda;

import java.nio.file.Path;

/** The test double of CUDA's libraries ({@code native/cudasim}), where the build puts it. */
public final class Simulator {
    private Simulator() {}

    public static CudaLibraries libraries() {
        return CudaLibraries.of(Path.of("target", "cudasim").toAbsolutePath());
    }

    public static CudaDevice open() {
        return CudaDevice.open(0, libraries());
    }
}
