package dev.taxon.device.cuda;

import dev.taxon.graph.Kernel2d;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnNanPropagation;
import jcuda.jcudnn.cudnnOpTensorDescriptor;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

/** cuDNN's descriptors of a program, made while it is compiled. Equal tensors share one. */
final class Descriptors implements AutoCloseable {
    private static final int FLOAT = cudnnDataType.CUDNN_DATA_FLOAT;

    private final Gpu gpu;
    private final Map<Strided, cudnnTensorDescriptor> tensors = new HashMap<>();
    private final List<Runnable> owned = new ArrayList<>();

    Descriptors(Gpu gpu) {
        this.gpu = gpu;
    }

    private record Strided(
            int type, long n, long c, long h, long w, long strideN, long strideC, long strideH, long strideW) {}

    /** A dense tensor (n, c, h, w) of float32. */
    cudnnTensorDescriptor tensor(long n, long c, long h, long w) {
        return tensor(n, c, h, w, c * h * w);
    }

    /** The same, with {@code strideN} elements from sample to sample: some channels of a larger tensor. */
    cudnnTensorDescriptor tensor(long n, long c, long h, long w, long strideN) {
        return tensor(new Strided(FLOAT, n, c, h, w, strideN, h * w, w, 1));
    }

    /**
     * A dense tensor (n, c, h, w).
     *
     * @param type one of cudnnDataType
     * @param channelsLast in NHWC
     */
    cudnnTensorDescriptor tensor(int type, long n, long c, long h, long w, boolean channelsLast) {
        return tensor(
                channelsLast
                        ? new Strided(type, n, c, h, w, c * h * w, 1, w * c, c)
                        : new Strided(type, n, c, h, w, c * h * w, h * w, w, 1));
    }

    private cudnnTensorDescriptor tensor(Strided strided) {
        return tensors.computeIfAbsent(strided, key -> {
            cudnnTensorDescriptor made = new cudnnTensorDescriptor();
            gpu.cudnn(JCudnn.cudnnCreateTensorDescriptor(made));
            owned.add(() -> gpu.release(JCudnn.cudnnDestroyTensorDescriptor(made)));
            gpu.cudnn(JCudnn.cudnnSetTensor4dDescriptorEx(
                    made,
                    key.type,
                    Math.toIntExact(key.n),
                    Math.toIntExact(key.c),
                    Math.toIntExact(key.h),
                    Math.toIntExact(key.w),
                    Math.toIntExact(key.strideN),
                    Math.toIntExact(key.strideC),
                    Math.toIntExact(key.strideH),
                    Math.toIntExact(key.strideW)));
            return made;
        });
    }

    /** Weights (outC, inC of a group, kH, kW) of float32. */
    cudnnFilterDescriptor filter(int outC, int inC, int kH, int kW) {
        return filter(FLOAT, outC, inC, kH, kW, false);
    }

    /**
     * Weights (outC, inC of a group, kH, kW).
     *
     * @param type one of cudnnDataType
     * @param channelsLast as (outC, kH, kW, inC) in memory
     */
    cudnnFilterDescriptor filter(int type, int outC, int inC, int kH, int kW, boolean channelsLast) {
        int format = channelsLast ? cudnnTensorFormat.CUDNN_TENSOR_NHWC : cudnnTensorFormat.CUDNN_TENSOR_NCHW;
        cudnnFilterDescriptor made = new cudnnFilterDescriptor();
        gpu.cudnn(JCudnn.cudnnCreateFilterDescriptor(made));
        owned.add(() -> gpu.release(JCudnn.cudnnDestroyFilterDescriptor(made)));
        gpu.cudnn(JCudnn.cudnnSetFilter4dDescriptor(made, type, format, outC, inC, kH, kW));
        return made;
    }

    /** @param math one of cudnnMathType */
    cudnnConvolutionDescriptor convolution(Kernel2d k, int groups, int math) {
        cudnnConvolutionDescriptor made = new cudnnConvolutionDescriptor();
        gpu.cudnn(JCudnn.cudnnCreateConvolutionDescriptor(made));
        owned.add(() -> gpu.release(JCudnn.cudnnDestroyConvolutionDescriptor(made)));
        gpu.cudnn(JCudnn.cudnnSetConvolution2dDescriptor(
                made,
                k.padH(),
                k.padW(),
                k.strideH(),
                k.strideW(),
                k.dilationH(),
                k.dilationW(),
                cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
                FLOAT));
        gpu.cudnn(JCudnn.cudnnSetConvolutionGroupCount(made, groups));
        gpu.cudnn(JCudnn.cudnnSetConvolutionMathType(made, math));
        return made;
    }

    /** @param mode one of cudnnPoolingMode */
    cudnnPoolingDescriptor pooling(Kernel2d k, int mode) {
        cudnnPoolingDescriptor made = new cudnnPoolingDescriptor();
        gpu.cudnn(JCudnn.cudnnCreatePoolingDescriptor(made));
        owned.add(() -> gpu.release(JCudnn.cudnnDestroyPoolingDescriptor(made)));
        gpu.cudnn(JCudnn.cudnnSetPooling2dDescriptor(
                made,
                mode,
                cudnnNanPropagation.CUDNN_PROPAGATE_NAN,
                k.kH(),
                k.kW(),
                k.padH(),
                k.padW(),
                k.strideH(),
                k.strideW()));
        return made;
    }

    /** @param mode one of cudnnActivationMode */
    cudnnActivationDescriptor activation(int mode) {
        cudnnActivationDescriptor made = new cudnnActivationDescriptor();
        gpu.cudnn(JCudnn.cudnnCreateActivationDescriptor(made));
        owned.add(() -> gpu.release(JCudnn.cudnnDestroyActivationDescriptor(made)));
        gpu.cudnn(JCudnn.cudnnSetActivationDescriptor(made, mode, cudnnNanPropagation.CUDNN_PROPAGATE_NAN, 0));
        return made;
    }

    /** @param op one of cudnnOpTensorOp */
    cudnnOpTensorDescriptor opTensor(int op) {
        cudnnOpTensorDescriptor made = new cudnnOpTensorDescriptor();
        gpu.cudnn(JCudnn.cudnnCreateOpTensorDescriptor(made));
        owned.add(() -> gpu.release(JCudnn.cudnnDestroyOpTensorDescriptor(made)));
        gpu.cudnn(JCudnn.cudnnSetOpTensorDescriptor(made, op, FLOAT, cudnnNanPropagation.CUDNN_PROPAGATE_NAN));
        return made;
    }

    @Override
    public void close() {
        owned.forEach(Runnable::run);
        owned.clear();
        tensors.clear();
    }
}
