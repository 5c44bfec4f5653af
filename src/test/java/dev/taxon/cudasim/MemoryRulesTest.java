package dev.taxon.cudasim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class MemoryRulesTest extends OnSimulator {
    @Test
    void copiesThereAndBack() {
        assertArrayEquals(new float[] {1, 2, 3}, download(upload(1, 2, 3), 3));
    }

    @Test
    void newMemoryIsNaN() {
        for (float value : download(allocate(400), 100)) {
            assertTrue(Float.isNaN(value), "poison, not " + value);
        }
    }

    @Test
    void refusesACopyPastTheEnd() {
        long block = allocate(40);
        refused(
                INVALID_VALUE,
                cuda.call("cuMemcpyHtoD_v2", block, floats(new float[11]), 44L),
                "40 bytes before the end of a block of 40 bytes");
        refused(INVALID_VALUE, cuda.call("cuMemcpyHtoD_v2", block - 4, floats(1), 4L), "4 bytes before a block");
    }

    @Test
    void refusesHostMemoryWhereDeviceMemoryIsMeant() {
        MemorySegment host = floats(1, 2);
        refused(INVALID_VALUE, cuda.call("cuMemcpyHtoD_v2", host.address(), host, 4L), "host memory");
        refused(
                INVALID_VALUE,
                cuda.call("cuMemcpyHtoD_v2", upload(1), MemorySegment.ofAddress(upload(2)), 4L),
                "should be host memory");
    }

    @Test
    void refusesFreedMemory() {
        long block = upload(1);
        cuda.succeed("cuMemFree_v2", block);
        refused(INVALID_VALUE, cuda.call("cuMemcpyDtoH_v2", floats(0), block, 4L), "freed device memory");
        refused(INVALID_VALUE, cuda.call("cuMemFree_v2", block), "is not the start of a block");
        refused(INVALID_VALUE, cuda.call("cuMemFree_v2", upload(1, 2) + 4), "is not the start of a block");
    }

    @Test
    void refusesMisalignedMemory() {
        refused(INVALID_VALUE, cuda.call("cuMemsetD32_v2", allocate(64) + 2, 0, 4L), "not aligned to 4 bytes");
    }

    @Test
    void memoryBelongsToItsContext() {
        long block = upload(1);
        set("devices", 2);
        long other = newContext(1);
        refused(
                INVALID_VALUE,
                cuda.call("cuMemcpyDtoH_v2", floats(0), block, 4L),
                "belongs to another context than the thread's");
        cuda.succeed("cuCtxEnablePeerAccess", context(), 0);
        assertArrayEquals(new float[] {1}, download(block, 1));
        cuda.succeed("cuCtxDestroy_v2", other);
        assertEquals(INVALID_CONTEXT, cuda.call("cuCtxSynchronize"));
        cuda.succeed("cuCtxSetCurrent", context());
    }

    @Test
    void memoryOfADeviceIsLimitedAndCounted() {
        set("memory", 1 << 20);
        long block = allocate(1 << 19);
        MemorySegment free = arena.allocate(8);
        MemorySegment total = arena.allocate(8);
        cuda.succeed("cuMemGetInfo_v2", free, total);
        assertEquals(1 << 19, free.get(ValueLayout.JAVA_LONG, 0));
        assertEquals(OUT_OF_MEMORY, cuda.call("cuMemAlloc_v2", arena.allocate(8), (1L << 19) + 1));
        cuda.succeed("cuMemFree_v2", block);
        allocate(1 << 20);
    }

    @Test
    void leaksAreCountedByKind() {
        long block = allocate(4);
        long stream = stream();
        assertEquals(1 + 2, leaks(), "the context, too");
        String report = cuda.text("cudasim_leak_report");
        assertTrue(report.contains("1 device memory block") && report.contains("1 stream"), report);
        cuda.succeed("cuMemFree_v2", block);
        cuda.succeed("cuStreamDestroy_v2", stream);
        assertEquals(1, leaks());
    }

    @Test
    void whatGoesDownWithItsContextIsALeak() {
        set("devices", 2);
        long other = newContext(1);
        allocate(4);
        stream();
        cuda.succeed("cuCtxDestroy_v2", other);
        assertEquals(1 + 2, leaks(), cuda.text("cudasim_leak_report"));
        cuda.succeed("cuCtxSetCurrent", context());
    }

    @Test
    void aThreadWithoutContextIsRefused() {
        cuda.succeed("cuCtxSetCurrent", 0L);
        refused(INVALID_CONTEXT, cuda.call("cuMemAlloc_v2", arena.allocate(8), 4L), "on a thread without one");
        cuda.succeed("cuCtxSetCurrent", context());
    }
}
