package dev.taxon.device.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.JCudaDriver;

/** Numbers on the GPU that live as long as a program. */
final class Constants implements AutoCloseable {
    private final Gpu gpu;
    private final List<DeviceMemory> memory = new ArrayList<>();

    Constants(Gpu gpu) {
        this.gpu = gpu;
    }

    Operand floats(float[] values) {
        return upload(MemorySegment.ofArray(values));
    }

    Operand doubles(double[] values) {
        return upload(MemorySegment.ofArray(values));
    }

    private Operand upload(MemorySegment values) {
        DeviceMemory copy = new DeviceMemory(gpu, values.byteSize(), "constants of a layer");
        memory.add(copy);
        try (HostMemory host = new HostMemory(gpu, values.byteSize())) {
            host.segment().copyFrom(values);
            gpu.driver(JCudaDriver.cuMemcpyHtoDAsync(copy.pointer(), host.pointer(), values.byteSize(), gpu.stream()));
            gpu.synchronize(); // before the host's memory is freed
        }
        return copy;
    }

    @Override
    public void close() {
        memory.forEach(DeviceMemory::close);
    }
}
