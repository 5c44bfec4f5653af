package dev.taxon.cudasim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Failures come when they are ordered, and only then. */
class FaultTest extends OnSimulator {
    @Test
    void anOrderedFaultComesOnceAfterSoManyCalls() {
        order("cuMemAlloc_v2", OUT_OF_MEMORY, 2);
        allocate(4);
        allocate(4);
        assertEquals(OUT_OF_MEMORY, cuda.call("cuMemAlloc_v2", arena.allocate(8), 4L));
        allocate(4);
    }

    @Test
    void workFailsLateAndTheContextWithIt() {
        order("work", LAUNCH_FAILED, 1);
        long block = allocate(8);
        long stream = stream();
        cuda.succeed("cuMemsetD32Async", block, 1, 1L, stream);
        cuda.succeed("cuMemsetD32Async", block, 2, 1L, stream);
        assertEquals(LAUNCH_FAILED, cuda.call("cuStreamSynchronize", stream));
        assertEquals(LAUNCH_FAILED, cuda.call("cuMemFree_v2", block));
    }

    @Test
    void aLostDeviceAnswersNothingElse() {
        int unknown = 999;
        long stream = stream();
        cuda.run("cudasim_lose_device", 0, unknown);
        assertEquals(unknown, cuda.call("cuStreamSynchronize", stream));
        assertEquals(unknown, cuda.call("cuMemAlloc_v2", arena.allocate(8), 4L));
        assertEquals(unknown, cuda.call("cuDevicePrimaryCtxRetain", arena.allocate(8), 0));
        set("devices", 2);
        long other = newContext(1);
        allocate(4);
        cuda.succeed("cuCtxDestroy_v2", other);
        cuda.run("cudasim_lose_device", 0, 0);
        long again = newContext(0);
        allocate(4);
        cuda.succeed("cuCtxDestroy_v2", again);
        cuda.succeed("cuCtxSetCurrent", context());
    }

    @Test
    void devicesAreAsManyAsSet() {
        set("devices", 3);
        MemorySegment count = arena.allocate(4);
        cuda.succeed("cuDeviceGetCount", count);
        assertEquals(3, count.get(ValueLayout.JAVA_INT, 0));
        assertEquals(101, cuda.call("cuDeviceGet", count, 3), "CUDA_ERROR_INVALID_DEVICE");
        set("devices", 0);
        assertEquals(100, cuda.call("cuInit", 0), "CUDA_ERROR_NO_DEVICE");
    }

    @Test
    void callsThatAreNotSimulatedSayWhich() {
        assertEquals(801, cuda.call("cuTexObjectCreate"), "CUDA_ERROR_NOT_SUPPORTED");
        assertEquals("cuTexObjectCreate", cuda.text("cudasim_last_unsupported"));
        assertEquals(3000, cuda.call("cudnnRNNForward"), "CUDNN_STATUS_NOT_SUPPORTED");
        assertEquals(15, cuda.call("cublasZgemm_v2"), "CUBLAS_STATUS_NOT_SUPPORTED");
    }

    @Test
    void callsAreCounted() {
        MemorySegment name = arena.allocateFrom("cuMemsetD8_v2");
        assertEquals(0, cuda.count("cudasim_calls", name));
        cuda.succeed("cuMemsetD8_v2", allocate(4), 0, 4L);
        assertEquals(1, cuda.count("cudasim_calls", name));
        assertTrue(cuda.count("cudasim_calls", arena.allocateFrom("")) >= 2);
    }
}
