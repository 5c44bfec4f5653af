package dev.taxon.cudasim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sums over devices of one process, driven by one thread or by one a device. */
class NcclTest extends OnSimulator {
    private static final int FLOAT = 7;
    private static final int SUM = 0;
    private static final int RANKS = 3;

    private final long[] contexts = new long[RANKS];
    private final long[] streams = new long[RANKS];
    private final long[] communicators = new long[RANKS];

    @BeforeEach
    void openDevices() {
        set("devices", RANKS);
        for (int i = 0; i < RANKS; i++) {
            contexts[i] = made("cuDevicePrimaryCtxRetain", i);
            use(i);
            streams[i] = stream();
        }
        MemorySegment all = arena.allocate(ValueLayout.JAVA_LONG, RANKS);
        cuda.succeed("ncclCommInitAll", all, RANKS, NULL);
        MemorySegment.copy(all, ValueLayout.JAVA_LONG, 0, communicators, 0, RANKS);
    }

    @AfterEach
    void closeDevices() {
        for (int i = 0; i < RANKS; i++) {
            cuda.succeed("ncclCommDestroy", communicators[i]);
            cuda.succeed("cuDevicePrimaryCtxRelease_v2", i);
        }
        cuda.succeed("cuCtxSetCurrent", context());
    }

    private void use(int rank) {
        cuda.succeed("cuCtxSetCurrent", contexts[rank]);
    }

    private int reduce(int rank, long data, long count) {
        return cuda.call("ncclAllReduce", data, data, count, FLOAT, SUM, communicators[rank], streams[rank]);
    }

    @Test
    void oneThreadSumsInAGroup() {
        long[] data = new long[RANKS];
        for (int i = 0; i < RANKS; i++) {
            use(i);
            data[i] = upload(i + 1, 10 * (i + 1));
        }
        cuda.succeed("ncclGroupStart");
        for (int i = 0; i < RANKS; i++) {
            use(i);
            assertEquals(0, reduce(i, data[i], 2));
        }
        cuda.succeed("ncclGroupEnd");
        for (int i = 0; i < RANKS; i++) {
            use(i);
            synchronize(streams[i]);
            assertArrayEquals(new float[] {6, 60}, download(data[i], 2));
        }
    }

    @Test
    void oneThreadOutsideAGroupIsRefused() {
        use(0);
        assertEquals(0, reduce(0, upload(1), 1));
        use(1);
        refused(5, reduce(1, upload(1), 1), "one thread drives several ranks");
        order("work", LAUNCH_FAILED, 0); // the sum of rank 0 will never be complete: do not wait for it
    }

    @Test
    void threadsOfOneDeviceEachSum() throws InterruptedException {
        Thread[] threads = new Thread[RANKS];
        float[][] sums = new float[RANKS][];
        for (int i = 0; i < RANKS; i++) {
            int rank = i;
            threads[i] = new Thread(() -> {
                use(rank);
                MemorySegment host = floats(rank, 1);
                MemorySegment cell = arena.allocate(8);
                cuda.succeed("cuMemAlloc_v2", cell, 8L);
                long data = cell.get(ValueLayout.JAVA_LONG, 0);
                cuda.succeed("cuMemcpyHtoD_v2", data, host, 8L);
                for (int step = 0; step < 3; step++) {
                    assertEquals(0, reduce(rank, data, 2));
                }
                synchronize(streams[rank]);
                sums[rank] = download(data, 2);
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (float[] sum : sums) {
            assertArrayEquals(new float[] {3 * 9, 27}, sum);
        }
    }

    @Test
    void ranksMustAgree() {
        use(0);
        long first = upload(1, 2);
        use(1);
        long second = upload(1, 2);
        cuda.succeed("ncclGroupStart");
        use(0);
        assertEquals(0, reduce(0, first, 2));
        use(1);
        assertEquals(0, reduce(1, second, 1));
        refused(5, cuda.call("ncclGroupEnd"), "ranks ask for different");
        order("work", LAUNCH_FAILED, 0);
    }

    @Test
    void aFailedDeviceFailsTheOthers() {
        use(1);
        long second = upload(1);
        use(0);
        long first = upload(1);
        use(2);
        long third = upload(1);
        cuda.succeed("ncclGroupStart");
        reduce(2, third, 1);
        use(0);
        reduce(0, first, 1);
        use(1);
        reduce(1, second, 1);
        cuda.succeed("ncclGroupEnd");
        cuda.run("cudasim_lose_device", 1, 999);
        use(0);
        refused(702, cuda.call("cuStreamSynchronize", streams[0]), "has a failed device");
        cuda.run("cudasim_lose_device", 1, 0);
    }
}
