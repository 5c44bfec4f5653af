package dev.taxon.cudasim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** cuDNN and cuBLAS check what their manuals ask for, and compute within the precision that the math type names. */
class CudnnRulesTest extends OnSimulator {
    private static final int BAD_PARAM = 2000;
    private static final int NOT_SUPPORTED = 3000;
    private static final int FLOAT = 0;
    private static final int HALF = 2;
    private static final int NCHW = 0;
    private static final int NHWC = 1;
    private static final int FMA_MATH = 3;
    private static final int IMPLICIT_GEMM = 0;
    private static final int GEMM = 2;

    private long cudnn;

    @BeforeEach
    void openCudnn() {
        cudnn = made("cudnnCreate");
    }

    private long tensor(int format, int type, int n, int c, int h, int w) {
        long tensor = made("cudnnCreateTensorDescriptor");
        cuda.succeed("cudnnSetTensor4dDescriptor", tensor, format, type, n, c, h, w);
        return tensor;
    }

    private long filter(int k, int c, int r, int s) {
        long filter = made("cudnnCreateFilterDescriptor");
        cuda.succeed("cudnnSetFilter4dDescriptor", filter, FLOAT, NCHW, k, c, r, s);
        return filter;
    }

    private long convolution(int pad, int stride, int math) {
        long convolution = made("cudnnCreateConvolutionDescriptor");
        cuda.succeed("cudnnSetConvolution2dDescriptor", convolution, pad, pad, stride, stride, 1, 1, 1, FLOAT);
        cuda.succeed("cudnnSetConvolutionMathType", convolution, math);
        return convolution;
    }

    private int convolve(
            long x, long xData, long w, long wData, long conv, int algorithm, long bytes, long y, long yData) {
        long workspace = bytes == 0 ? 0 : allocate(bytes);
        return cuda.call(
                "cudnnConvolutionForward",
                cudnn,
                floats(1),
                x,
                xData,
                w,
                wData,
                conv,
                algorithm,
                workspace,
                bytes,
                floats(0),
                y,
                yData);
    }

    @Test
    void convolvesByHand() {
        long x = upload(1, 2, 3, 4, 5, 6, 7, 8, 9);
        long y = allocate(16);
        assertEquals(
                0,
                convolve(
                        tensor(NCHW, FLOAT, 1, 1, 3, 3),
                        x,
                        filter(1, 1, 2, 2),
                        upload(1, 0, 0, 1),
                        convolution(0, 1, FMA_MATH),
                        IMPLICIT_GEMM,
                        0,
                        tensor(NCHW, FLOAT, 1, 1, 2, 2),
                        y));
        assertArrayEquals(new float[] {6, 8, 12, 14}, download(y, 4));
    }

    @Test
    void tensorFloat32IsUsedUnlessForbidden() {
        float third = 1 / 3f;
        assertEquals(third, one(third, FMA_MATH));
        assertNotEquals(third, one(third, 0), "CUDNN_DEFAULT_MATH lets an Ampere card round operands to 10 bits");
        assertEquals(third, one(third, 0), 1e-3f);
    }

    private float one(float value, int math) {
        long y = allocate(4);
        long tensor = tensor(NCHW, FLOAT, 1, 1, 1, 1);
        assertEquals(
                0,
                convolve(
                        tensor,
                        upload(value),
                        filter(1, 1, 1, 1),
                        upload(1),
                        convolution(0, 1, math),
                        IMPLICIT_GEMM,
                        0,
                        tensor,
                        y));
        return download(y, 1)[0];
    }

    @Test
    void aWorkspaceMustBeLargeEnough() {
        long x = tensor(NCHW, FLOAT, 1, 2, 4, 4);
        long w = filter(3, 2, 3, 3);
        long conv = convolution(1, 1, FMA_MATH);
        long y = tensor(NCHW, FLOAT, 1, 3, 4, 4);
        MemorySegment needed = arena.allocate(8);
        cuda.succeed("cudnnGetConvolutionForwardWorkspaceSize", cudnn, x, w, conv, y, GEMM, needed);
        long bytes = needed.get(ValueLayout.JAVA_LONG, 0);
        assertTrue(bytes > 0);
        long xData = upload(new float[32]);
        long wData = upload(new float[54]);
        refused(
                BAD_PARAM,
                convolve(x, xData, w, wData, conv, GEMM, bytes - 1, y, allocate(192)),
                "but the algorithm needs " + bytes);
        assertEquals(0, convolve(x, xData, w, wData, conv, GEMM, bytes, y, allocate(192)));
    }

    @Test
    void shapesMustFit() {
        long x = tensor(NCHW, FLOAT, 1, 2, 4, 4);
        long data = upload(new float[64]);
        long conv = convolution(1, 1, FMA_MATH);
        long y = tensor(NCHW, FLOAT, 1, 3, 4, 4);
        assertEquals(BAD_PARAM, convolve(x, data, filter(3, 1, 3, 3), data, conv, 0, 0, y, allocate(192)), "channels");
        assertEquals(
                BAD_PARAM,
                convolve(x, data, filter(3, 2, 3, 3), data, convolution(0, 1, FMA_MATH), 0, 0, y, allocate(192)),
                "output size");
        assertEquals(BAD_PARAM, cuda.call("cudnnSetTensor4dDescriptor", x, NCHW, FLOAT, 1, 0, 4, 4));
        assertEquals(BAD_PARAM, cuda.call("cudnnSetConvolution2dDescriptor", conv, 0, 0, 0, 1, 1, 1, 1, FLOAT));
    }

    @Test
    void tensorsMustLieInDeviceMemory() {
        long tensor = tensor(NCHW, FLOAT, 1, 1, 2, 2);
        long relu = relu();
        refused(
                5000,
                cuda.call(
                        "cudnnActivationForward",
                        cudnn,
                        relu,
                        floats(1),
                        tensor,
                        upload(1, 2, 3),
                        floats(0),
                        tensor,
                        allocate(16)),
                "x, 16 bytes");
        refused(
                BAD_PARAM,
                cuda.call(
                        "cudnnActivationForward",
                        cudnn,
                        relu,
                        upload(1),
                        tensor,
                        upload(1, 2, 3, 4),
                        floats(0),
                        tensor,
                        allocate(16)),
                "alpha should be on the host");
    }

    private long relu() {
        long relu = made("cudnnCreateActivationDescriptor");
        cuda.succeed("cudnnSetActivationDescriptor", relu, 1, 0, 0.0);
        return relu;
    }

    @Test
    void resultsMayNotOverlapOperands() {
        long x = tensor(NCHW, FLOAT, 1, 1, 2, 2);
        long block = upload(new float[8]);
        refused(
                BAD_PARAM,
                convolve(x, block, filter(1, 1, 1, 1), upload(1), convolution(0, 1, FMA_MATH), 0, 0, x, block + 8),
                "the result overlaps an operand");
    }

    @Test
    void destroyedDescriptorsAndForeignHandlesAreRefused() {
        long tensor = tensor(NCHW, FLOAT, 1, 1, 1, 1);
        cuda.succeed("cudnnDestroyTensorDescriptor", tensor);
        refused(
                BAD_PARAM,
                cuda.call("cudnnSetTensor4dDescriptor", tensor, 0, 0, 1, 1, 1, 1),
                "no live tensor descriptor");
        refused(BAD_PARAM, cuda.call("cudnnDestroyTensorDescriptor", tensor), "no live tensor descriptor");
        set("devices", 2);
        long other = newContext(1);
        refused(1001, cuda.call("cudnnSetStream", cudnn, 0L), "belongs to another context");
        cuda.succeed("cuCtxDestroy_v2", other);
        cuda.succeed("cuCtxSetCurrent", context());
    }

    @Test
    void layoutsAndTypesConvert() {
        long nchw = tensor(NCHW, FLOAT, 1, 2, 1, 2);
        long nhwc = tensor(NHWC, HALF, 1, 2, 1, 2);
        long halves = allocate(8);
        long back = allocate(16);
        cuda.succeed("cudnnTransformTensor", cudnn, floats(1), nchw, upload(1, 2, 3, 4), floats(0), nhwc, halves);
        MemorySegment host = arena.allocate(8, 2);
        cuda.succeed("cuMemcpyDtoH_v2", host, halves, 8L);
        short[] bits = host.toArray(ValueLayout.JAVA_SHORT);
        assertEquals(3, Float.float16ToFloat(bits[1]), "the second channel of the first pixel comes second");
        cuda.succeed("cudnnTransformTensor", cudnn, floats(1), nhwc, halves, floats(0), nchw, back);
        assertArrayEquals(new float[] {1, 2, 3, 4}, download(back, 4));
    }

    @Test
    void fusedBatchNormNeedsChannelsLast() {
        long x = tensor(NCHW, FLOAT, 2, 4, 2, 2);
        long parameters = tensor(NCHW, FLOAT, 1, 4, 1, 1);
        assertEquals(
                NOT_SUPPORTED,
                cuda.call(
                        "cudnnGetBatchNormalizationForwardTrainingExWorkspaceSize",
                        cudnn,
                        2,
                        1,
                        x,
                        NULL,
                        x,
                        parameters,
                        relu(),
                        arena.allocate(8)));
    }

    @Test
    void matricesAreChecked() {
        long cublas = made("cublasCreate_v2");
        long a = upload(1, 2, 3, 4);
        refused(
                13,
                cuda.call(
                        "cublasSgemm_v2",
                        cublas,
                        0,
                        0,
                        2,
                        2,
                        2,
                        floats(1),
                        a,
                        2,
                        upload(1, 2, 3),
                        2,
                        floats(0),
                        allocate(16),
                        2),
                "B, 16 bytes");
        refused(
                7,
                cuda.call("cublasSgemm_v2", cublas, 0, 0, 2, 2, 2, floats(1), a, 1, a, 2, floats(0), allocate(16), 2),
                "leading dimension");
        long c = allocate(16);
        cuda.succeed("cublasSgemm_v2", cublas, 0, 1, 2, 2, 2, floats(1), a, 2, a, 2, floats(0), c, 2);
        assertArrayEquals(new float[] {10, 14, 14, 20}, download(c, 4));
    }
}
