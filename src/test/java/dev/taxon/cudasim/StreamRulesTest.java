package dev.taxon.cudasim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Work waits until it must run, so that a forgotten dependency gives wrong numbers every time. */
class StreamRulesTest extends OnSimulator {
    private static final int NOT_READY = 600;

    private MemorySegment pinned(float... values) {
        MemorySegment host = MemorySegment.ofAddress(made("cuMemAllocHost_v2", 4L * values.length))
                .reinterpret(4L * values.length);
        MemorySegment.copy(values, 0, host, ValueLayout.JAVA_FLOAT, 0, values.length);
        return host;
    }

    private void copyIn(long to, MemorySegment from, long stream) {
        cuda.succeed("cuMemcpyHtoDAsync_v2", to, from, from.byteSize(), stream);
    }

    @Test
    void aStreamThatIsNotSynchronizedHasDoneNothing() {
        long block = allocate(4);
        long stream = stream();
        copyIn(block, pinned(7), stream);
        assertTrue(Float.isNaN(download(block, 1)[0]), "a plain copy does not wait for a non-blocking stream");
        synchronize(stream);
        assertEquals(7, download(block, 1)[0]);
    }

    @Test
    void aBlockingStreamIsWaitedForByTheLegacyOne() {
        long block = allocate(4);
        copyIn(block, pinned(7), made("cuStreamCreate", 0));
        assertEquals(7, download(block, 1)[0]);
    }

    @Test
    void withoutAnEventTheOtherStreamReadsPoison() {
        long in = allocate(4);
        long result = allocate(4);
        long copies = stream();
        long computes = stream();
        copyIn(in, pinned(7), copies);
        cuda.succeed("cuMemcpyDtoDAsync_v2", result, in, 4L, computes);
        synchronize(computes);
        assertTrue(Float.isNaN(download(result, 1)[0]));
    }

    @Test
    void withAnEventItDoesNot() {
        long in = allocate(4);
        long result = allocate(4);
        long copies = stream();
        long computes = stream();
        long copied = made("cuEventCreate", 0);
        copyIn(in, pinned(7), copies);
        cuda.succeed("cuEventRecord", copied, copies);
        cuda.succeed("cuStreamWaitEvent", computes, copied, 0);
        cuda.succeed("cuMemcpyDtoDAsync_v2", result, in, 4L, computes);
        synchronize(computes);
        assertEquals(7, download(result, 1)[0]);
    }

    @Test
    void pinnedMemoryIsReadLateAndPageableAtTheCall() {
        long stream = stream();
        long first = allocate(4);
        long second = allocate(4);
        MemorySegment pinned = pinned(1);
        MemorySegment pageable = floats(1);
        copyIn(first, pinned, stream);
        copyIn(second, pageable, stream);
        pinned.set(ValueLayout.JAVA_FLOAT, 0, 2);
        pageable.set(ValueLayout.JAVA_FLOAT, 0, 2);
        synchronize(stream);
        assertArrayEquals(new float[] {2, 1}, new float[] {download(first, 1)[0], download(second, 1)[0]});
    }

    @Test
    void aQuestionRunsTheWorkSoThatALoopOfThemEnds() {
        long stream = stream();
        long event = made("cuEventCreate", 0);
        copyIn(allocate(4), pinned(1), stream);
        cuda.succeed("cuEventRecord", event, stream);
        assertEquals(NOT_READY, cuda.call("cuEventQuery", event));
        assertEquals(0, cuda.call("cuEventQuery", event));
    }

    @Test
    void eventsTellTime() {
        long stream = stream();
        long start = made("cuEventCreate", 0);
        long end = made("cuEventCreate", 0);
        MemorySegment milliseconds = arena.allocate(4);
        cuda.succeed("cuEventRecord", start, stream);
        cuda.succeed("cuEventRecord", end, stream);
        assertEquals(NOT_READY, cuda.call("cuEventElapsedTime", milliseconds, start, end));
        cuda.succeed("cuEventSynchronize", end);
        cuda.succeed("cuEventElapsedTime", milliseconds, start, end);
        assertTrue(milliseconds.get(ValueLayout.JAVA_FLOAT, 0) >= 0);
    }

    @Test
    void aDestroyedOrForeignStreamIsRefused() {
        long stream = stream();
        cuda.succeed("cuStreamDestroy_v2", stream);
        refused(INVALID_HANDLE, cuda.call("cuStreamSynchronize", stream), "no live stream");
        long mine = stream();
        set("devices", 2);
        long other = newContext(1);
        refused(INVALID_HANDLE, cuda.call("cuStreamSynchronize", mine), "belongs to another context");
        cuda.succeed("cuCtxDestroy_v2", other);
        cuda.succeed("cuCtxSetCurrent", context());
    }

    @Test
    void aFullQueueIsWorkedOff() {
        long stream = stream();
        long block = allocate(4);
        for (int i = 0; i < 3000; i++) {
            cuda.succeed("cuMemsetD32Async", block, Float.floatToIntBits(i), 1L, stream);
        }
        assertTrue(download(block, 1)[0] > 1900, "only the last thousand may wait");
    }
}
