package dev.taxon.device.cuda;

import java.util.Arrays;
import java.util.stream.Stream;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * Which of cuDNN's algorithms a convolution runs: the fastest by cuDNN's own estimate whose workspace is within the limit and,
 * where asked for, whose result does not depend on timing.
 */
final class ConvolutionAlgorithms {
    private static final int CANDIDATES = 10;
    private static final long MAX_WORKSPACE = 256L << 20;

    private final Gpu gpu;
    private final boolean deterministic;

    ConvolutionAlgorithms(Gpu gpu, boolean deterministic) {
        this.gpu = gpu;
        this.deterministic = deterministic;
    }

    /** An algorithm by cuDNN's number, and the workspace that it needs in bytes. */
    record Choice(int algorithm, long workspace) {}

    private record Candidate(int algorithm, int status, long memory, int determinism) {}

    Choice forward(
            cudnnTensorDescriptor x, cudnnFilterDescriptor w, cudnnConvolutionDescriptor c, cudnnTensorDescriptor y) {
        cudnnConvolutionFwdAlgoPerf[] found =
                filled(new cudnnConvolutionFwdAlgoPerf[CANDIDATES], i -> new cudnnConvolutionFwdAlgoPerf());
        int[] count = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(gpu.cudnn(), x, w, c, y, CANDIDATES, count, found));
        int algorithm = choose(
                "forward pass",
                Arrays.stream(found, 0, count[0]).map(f -> new Candidate(f.algo, f.status, f.memory, f.determinism)));
        long[] bytes = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionForwardWorkspaceSize(gpu.cudnn(), x, w, c, y, algorithm, bytes));
        return new Choice(algorithm, bytes[0]);
    }

    /** For the call that also adds and applies ReLU: the one algorithm that has it for every convolution. */
    Choice fused(
            cudnnTensorDescriptor x, cudnnFilterDescriptor w, cudnnConvolutionDescriptor c, cudnnTensorDescriptor y) {
        int algorithm = cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
        long[] bytes = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionForwardWorkspaceSize(gpu.cudnn(), x, w, c, y, algorithm, bytes));
        return new Choice(algorithm, bytes[0]);
    }

    Choice backwardData(
            cudnnFilterDescriptor w, cudnnTensorDescriptor dy, cudnnConvolutionDescriptor c, cudnnTensorDescriptor dx) {
        cudnnConvolutionBwdDataAlgoPerf[] found =
                filled(new cudnnConvolutionBwdDataAlgoPerf[CANDIDATES], i -> new cudnnConvolutionBwdDataAlgoPerf());
        int[] count = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                gpu.cudnn(), w, dy, c, dx, CANDIDATES, count, found));
        int algorithm = choose(
                "backward pass of data",
                Arrays.stream(found, 0, count[0]).map(f -> new Candidate(f.algo, f.status, f.memory, f.determinism)));
        long[] bytes = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(gpu.cudnn(), w, dy, c, dx, algorithm, bytes));
        return new Choice(algorithm, bytes[0]);
    }

    Choice backwardFilter(
            cudnnTensorDescriptor x, cudnnTensorDescriptor dy, cudnnConvolutionDescriptor c, cudnnFilterDescriptor dw) {
        cudnnConvolutionBwdFilterAlgoPerf[] found =
                filled(new cudnnConvolutionBwdFilterAlgoPerf[CANDIDATES], i -> new cudnnConvolutionBwdFilterAlgoPerf());
        int[] count = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                gpu.cudnn(), x, dy, c, dw, CANDIDATES, count, found));
        int algorithm = choose(
                "backward pass of weights",
                Arrays.stream(found, 0, count[0]).map(f -> new Candidate(f.algo, f.status, f.memory, f.determinism)));
        long[] bytes = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(gpu.cudnn(), x, dy, c, dw, algorithm, bytes));
        return new Choice(algorithm, bytes[0]);
    }

    private static <T> T[] filled(T[] array, java.util.function.IntFunction<T> each) {
        Arrays.setAll(array, each);
        return array;
    }

    private int choose(String pass, Stream<Candidate> fastestFirst) {
        return fastestFirst
                .filter(f -> f.status() == 0 && f.memory() <= MAX_WORKSPACE)
                .filter(f -> !deterministic || f.determinism() == cudnnDeterminism.CUDNN_DETERMINISTIC)
                .mapToInt(Candidate::algorithm)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("cuDNN offers no algorithm for the " + pass
                        + " of a convolution within " + DeviceMemory.size(MAX_WORKSPACE) + " of workspace"));
    }
}
