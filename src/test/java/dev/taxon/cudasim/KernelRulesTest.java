package dev.taxon.cudasim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Kernels run as CUDA says, and break where a GPU might. */
class KernelRulesTest extends OnSimulator {
    private static final String SCALE = """
            extern "C" __global__ void scale(float* y, const float* x, float a, int n) {
                int i = blockIdx.x * blockDim.x + threadIdx.x;
                if (i < n) y[i] = a * x[i];
            }
            """;

    /** Sums a block's values, with or without the barrier that the tree of sums needs. */
    private static String sum(String barrier) {
        return """
            extern "C" __global__ void sum(float* y, const float* x) {
                extern __shared__ float part[];
                part[threadIdx.x] = x[threadIdx.x];
                %1$s
                for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
                    if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
                    %1$s
                }
                if (threadIdx.x == 0) *y = part[0];
            }
            """.formatted(barrier);
    }

    @Test
    void runsOnAllThreads() {
        float[] x = new float[1000];
        float[] expected = new float[1000];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
            expected[i] = 2 * i;
        }
        long y = allocate(4000);
        assertEquals(0, launch(kernel("scale", SCALE), 8, 128, 0, 0, y, upload(x), 2f, 1000));
        assertArrayEquals(expected, download(y, 1000));
    }

    @Test
    void barriersAndSharedMemoryGiveASum() {
        long y = allocate(4);
        assertEquals(0, launch(kernel("sum", sum("__syncthreads();")), 1, 8, 32, 0, y, upload(1, 2, 3, 4, 5, 6, 7, 8)));
        assertEquals(36, download(y, 1)[0]);
    }

    @Test
    void aForgottenBarrierShows() {
        long y = allocate(4);
        assertEquals(0, launch(kernel("sum", sum("")), 1, 8, 32, 0, y, upload(1, 2, 3, 4, 5, 6, 7, 8)));
        assertTrue(Float.isNaN(download(y, 1)[0]), "the first thread sums what the others have not written");
    }

    @Test
    void aBarrierThatNotAllReachFails() {
        long kernel = kernel("half", """
                extern "C" __global__ void half() {
                    if (threadIdx.x < 16) __syncthreads(); else __syncwarp(0xffff0000u), __shfl_sync(0xffffffffu, 1, 0);
                }
                """);
        assertEquals(0, launch(kernel, 1, 32, 0, 0));
        refused(LAUNCH_FAILED, cuda.call("cuCtxSynchronize"), "wait at different barriers");
    }

    @Test
    void writingPastSharedMemoryFails() {
        long kernel = kernel("past", """
                extern "C" __global__ void past() { extern __shared__ float part[]; part[threadIdx.x] = 1; }
                """);
        assertEquals(0, launch(kernel, 1, 9, 32, 0));
        refused(ILLEGAL_ADDRESS, cuda.call("cuCtxSynchronize"), "past the 32 bytes of dynamic shared memory");
    }

    @Test
    void anAccessOutOfBoundsFailsTheContextForGood() {
        long x = upload(new float[1024]);
        long y = allocate(4096);
        assertEquals(0, launch(kernel("scale", SCALE), 16, 128, 0, 0, y, x, 2f, 2048));
        refused(ILLEGAL_ADDRESS, cuda.call("cuCtxSynchronize"), "illegal access");
        assertEquals(ILLEGAL_ADDRESS, cuda.call("cuMemAlloc_v2", arena.allocate(8), 4L), "the error stays");
    }

    @Test
    void pointersAreCheckedAtTheLaunch() {
        long kernel = kernel("scale", SCALE);
        MemorySegment host = floats(1);
        refused(ILLEGAL_ADDRESS, launch(kernel, 1, 1, 0, 0, host.address(), upload(1), 2f, 1), "parameter 0 of scale");
        refused(ILLEGAL_ADDRESS, launch(kernel, 1, 1, 0, 0, allocate(8) + 2, upload(1), 2f, 1), "not aligned to 4");
        long freed = upload(1);
        cuda.succeed("cuMemFree_v2", freed);
        refused(ILLEGAL_ADDRESS, launch(kernel, 1, 1, 0, 0, allocate(4), freed, 2f, 1), "freed device memory");
    }

    @Test
    void memoryFreedBeforeTheKernelRanFails() {
        long x = upload(1);
        long stream = stream();
        assertEquals(0, launch(kernel("scale", SCALE), 1, 1, 0, stream, allocate(4), x, 2f, 1));
        cuda.succeed("cuMemFree_v2", x);
        refused(ILLEGAL_ADDRESS, cuda.call("cuStreamSynchronize", stream), "freed device memory");
    }

    @Test
    void limitsOfTheDeviceHold() {
        long kernel = kernel("scale", SCALE);
        refused(INVALID_VALUE, launch(kernel, 1, 2048, 0, 0, 0L, 0L, 1f, 0), "exceed the device");
        refused(INVALID_VALUE, launch(kernel, 0, 32, 0, 0, 0L, 0L, 1f, 0), "exceed the device");
        refused(INVALID_VALUE, launch(kernel, 1, 32, 50000, 0, 0L, 0L, 1f, 0), "exceed the device");
    }

    @Test
    void warpsExchange() {
        long kernel = kernel("exchange", """
                extern "C" __global__ void exchange(float* y) {
                    int lane = threadIdx.x;
                    float sum = lane;
                    for (int by = 16; by > 0; by /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, by);
                    unsigned odd = __ballot_sync(0xffffffffu, lane & 1);
                    float up = __shfl_up_sync(0xffffffffu, (float) lane, 1);
                    float first = __shfl_sync(0xffffffffu, (float) lane, 0, 8);
                    if (lane == 9) { y[0] = sum; y[1] = odd == 0xaaaaaaaau; y[2] = up; y[3] = first; }
                }
                """);
        for (int reverse = 0; reverse < 2; reverse++) {
            set("reverse_order", reverse);
            long y = allocate(16);
            assertEquals(0, launch(kernel, 1, 32, 0, 0, y));
            assertArrayEquals(new float[] {496, 1, 8, 8}, download(y, 4));
        }
    }

    @Test
    void productsFuseUnlessForbidden() {
        float a = 1 + 0x1p-12f; // its square needs 25 bits
        assertEquals(Math.fma(a, a, -1f), product("a * b + c", a));
        assertEquals(a * a - 1, product("__fmul_rn(a, b) + c", a));
    }

    private float product(String expression, float a) {
        String source = "extern \"C\" __global__ void product(float* y, float a, float b, float c) { y[0] = %s; }";
        long y = allocate(4);
        assertEquals(0, launch(kernel("product", source.formatted(expression)), 1, 1, 0, 0, y, a, a, -1f));
        return download(y, 1)[0];
    }

    @Test
    void compileErrorsComeWithTheirLine() {
        String wrong = "\nextern \"C\" __global__ void k() { undeclared = 1; }\n";
        long program = made("nvrtcCreateProgram", arena.allocateFrom(wrong), arena.allocateFrom("k.cu"), 0, NULL, NULL);
        assertEquals(6, cuda.call("nvrtcCompileProgram", program, 0, NULL), "NVRTC_ERROR_COMPILATION");
        String log = log(program);
        assertTrue(log.contains("k.cu:2:") && log.contains("undeclared"), log);
        MemorySegment options = arena.allocateFrom(ValueLayout.ADDRESS, arena.allocateFrom("--no-such-option"));
        assertEquals(5, cuda.call("nvrtcCompileProgram", program, 1, options), "NVRTC_ERROR_INVALID_OPTION");
        cuda.succeed("nvrtcDestroyProgram", handle(program));
    }

    @Test
    void realPtxIsRefusedInWords() {
        MemorySegment ptx = arena.allocateFrom(".version 8.5\n.target sm_80\n");
        refused(200, cuda.call("cuModuleLoadData", arena.allocate(8), ptx), "does not come from the simulated NVRTC");
    }
}
