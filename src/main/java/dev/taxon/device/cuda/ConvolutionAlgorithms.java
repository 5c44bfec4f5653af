package dev.taxon.device.cuda;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnDeterminism;

/**
 * Which of cuDNN's algorithms a convolution runs: of those whose workspace is within the limit and, where asked for, whose
 * result does not depend on timing, the one that was the fastest when all were tried on this card. That is done once and kept;
 * where the card's memory is too little to try, the fastest by cuDNN's own estimate.
 */
final class ConvolutionAlgorithms {
    private static final int CANDIDATES = 10;
    private static final long MAX_WORKSPACE = 256L << 20;
    private static final long ALIGNMENT = 256;

    private final Gpu gpu;
    private final boolean deterministic;
    private final FoundAlgorithms found;

    ConvolutionAlgorithms(Gpu gpu, boolean deterministic, FoundAlgorithms found) {
        this.gpu = gpu;
        this.deterministic = deterministic;
        this.found = found;
    }

    /** An algorithm by cuDNN's number, and the workspace that it needs in bytes. */
    record Choice(int algorithm, long workspace) {}

    private record Candidate(int algorithm, int status, float millis, long memory, int determinism) {}

    /** Tries the algorithms, which overwrites all four places. */
    private interface Search {
        List<Candidate> run(Address x, Address w, Address y, Address workspace, long workspaceBytes);
    }

    /**
     * Whether cuDNN has an algorithm for each of the three passes, in these formats and layouts: it is asked for the workspace of
     * deterministic ones. (Where a search for algorithms fails JCuda reads a count that nobody wrote.)
     */
    boolean has(Convolution c) {
        long[] bytes = {0};
        int forward = cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
        int data = cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_1;
        int filter = cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1;
        return JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                                gpu.cudnn(), c.x(), c.w(), c.descriptor(), c.y(), forward, bytes)
                        == 0
                && JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                                gpu.cudnn(), c.w(), c.y(), c.descriptor(), c.x(), data, bytes)
                        == 0
                && JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                                gpu.cudnn(), c.x(), c.y(), c.descriptor(), c.w(), filter, bytes)
                        == 0;
    }

    Choice forward(Convolution c) {
        cudnnConvolutionFwdAlgoPerf[] estimates = estimates();
        int[] count = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(
                gpu.cudnn(), c.x(), c.w(), c.descriptor(), c.y(), CANDIDATES, count, estimates));
        int algorithm = choose("forward pass", c, candidates(estimates, count), (x, w, y, workspace, bytes) -> {
            cudnnConvolutionFwdAlgoPerf[] measured = estimates();
            int[] given = {0};
            gpu.cudnn(JCudnn.cudnnFindConvolutionForwardAlgorithmEx(
                    gpu.cudnn(),
                    c.x(),
                    x,
                    c.w(),
                    w,
                    c.descriptor(),
                    c.y(),
                    y,
                    CANDIDATES,
                    given,
                    measured,
                    workspace,
                    bytes));
            return candidates(measured, given);
        });
        long[] bytes = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                gpu.cudnn(), c.x(), c.w(), c.descriptor(), c.y(), algorithm, bytes));
        return new Choice(algorithm, bytes[0]);
    }

    /** For the call that also adds and applies ReLU: the one algorithm that has it for every convolution. */
    Choice fused(Convolution c) {
        int algorithm = cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
        long[] bytes = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                gpu.cudnn(), c.x(), c.w(), c.descriptor(), c.y(), algorithm, bytes));
        return new Choice(algorithm, bytes[0]);
    }

    Choice backwardData(Convolution c) {
        cudnnConvolutionBwdDataAlgoPerf[] estimates = dataEstimates();
        int[] count = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                gpu.cudnn(), c.w(), c.y(), c.descriptor(), c.x(), CANDIDATES, count, estimates));
        int algorithm =
                choose("backward pass of data", c, candidates(estimates, count), (x, w, y, workspace, bytes) -> {
                    cudnnConvolutionBwdDataAlgoPerf[] measured = dataEstimates();
                    int[] given = {0};
                    gpu.cudnn(JCudnn.cudnnFindConvolutionBackwardDataAlgorithmEx(
                            gpu.cudnn(),
                            c.w(),
                            w,
                            c.y(),
                            y,
                            c.descriptor(),
                            c.x(),
                            x,
                            CANDIDATES,
                            given,
                            measured,
                            workspace,
                            bytes));
                    return candidates(measured, given);
                });
        long[] bytes = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                gpu.cudnn(), c.w(), c.y(), c.descriptor(), c.x(), algorithm, bytes));
        return new Choice(algorithm, bytes[0]);
    }

    Choice backwardFilter(Convolution c) {
        cudnnConvolutionBwdFilterAlgoPerf[] estimates = filterEstimates();
        int[] count = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                gpu.cudnn(), c.x(), c.y(), c.descriptor(), c.w(), CANDIDATES, count, estimates));
        int algorithm =
                choose("backward pass of weights", c, candidates(estimates, count), (x, w, y, workspace, bytes) -> {
                    cudnnConvolutionBwdFilterAlgoPerf[] measured = filterEstimates();
                    int[] given = {0};
                    gpu.cudnn(JCudnn.cudnnFindConvolutionBackwardFilterAlgorithmEx(
                            gpu.cudnn(),
                            c.x(),
                            x,
                            c.y(),
                            y,
                            c.descriptor(),
                            c.w(),
                            w,
                            CANDIDATES,
                            given,
                            measured,
                            workspace,
                            bytes));
                    return candidates(measured, given);
                });
        long[] bytes = {0};
        gpu.cudnn(JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                gpu.cudnn(), c.x(), c.y(), c.descriptor(), c.w(), algorithm, bytes));
        return new Choice(algorithm, bytes[0]);
    }

    private static cudnnConvolutionFwdAlgoPerf[] estimates() {
        return filled(new cudnnConvolutionFwdAlgoPerf[CANDIDATES], _ -> new cudnnConvolutionFwdAlgoPerf());
    }

    private static cudnnConvolutionBwdDataAlgoPerf[] dataEstimates() {
        return filled(new cudnnConvolutionBwdDataAlgoPerf[CANDIDATES], _ -> new cudnnConvolutionBwdDataAlgoPerf());
    }

    private static cudnnConvolutionBwdFilterAlgoPerf[] filterEstimates() {
        return filled(new cudnnConvolutionBwdFilterAlgoPerf[CANDIDATES], _ -> new cudnnConvolutionBwdFilterAlgoPerf());
    }

    private static <T> T[] filled(T[] array, IntFunction<T> each) {
        Arrays.setAll(array, each);
        return array;
    }

    private static List<Candidate> candidates(cudnnConvolutionFwdAlgoPerf[] all, int[] count) {
        return Arrays.stream(all, 0, count[0])
                .map(f -> new Candidate(f.algo, f.status, f.time, f.memory, f.determinism))
                .toList();
    }

    private static List<Candidate> candidates(cudnnConvolutionBwdDataAlgoPerf[] all, int[] count) {
        return Arrays.stream(all, 0, count[0])
                .map(f -> new Candidate(f.algo, f.status, f.time, f.memory, f.determinism))
                .toList();
    }

    private static List<Candidate> candidates(cudnnConvolutionBwdFilterAlgoPerf[] all, int[] count) {
        return Arrays.stream(all, 0, count[0])
                .map(f -> new Candidate(f.algo, f.status, f.time, f.memory, f.determinism))
                .toList();
    }

    private int choose(String pass, Convolution c, List<Candidate> estimated, Search search) {
        List<Candidate> usable = usable(estimated).toList();
        if (usable.isEmpty()) {
            throw new IllegalStateException("cuDNN offers no algorithm for the " + pass + " of a convolution within "
                    + DeviceMemory.size(MAX_WORKSPACE) + " of workspace");
        }
        String question = pass + ", " + c.question() + (deterministic ? ", deterministic, " : ", ") + MAX_WORKSPACE;
        Integer kept = found.find(question);
        if (kept != null && usable.stream().anyMatch(u -> u.algorithm() == kept)) {
            return kept;
        }
        int estimate = usable.getFirst().algorithm();
        if (usable.size() == 1) {
            return estimate;
        }
        long workspace = usable.stream().mapToLong(Candidate::memory).max().orElseThrow();
        DeviceMemory scratch =
                DeviceMemory.allocate(gpu, room(c.xBytes()) + room(c.wBytes()) + room(c.yBytes()) + room(workspace));
        if (scratch == null) {
            return estimate;
        }
        try (scratch) {
            long x = scratch.zero().address();
            long w = x + room(c.xBytes());
            long y = w + room(c.wBytes());
            Address space = workspace == 0 ? Address.NULL : new Address(y + room(c.yBytes()));
            List<Candidate> measured = search.run(new Address(x), new Address(w), new Address(y), space, workspace);
            gpu.synchronize(); // before the memory goes
            int fastest = usable(measured)
                    .min(Comparator.comparingDouble(Candidate::millis))
                    .map(Candidate::algorithm)
                    .orElse(estimate);
            found.put(question, fastest);
            return fastest;
        }
    }

    private Stream<Candidate> usable(List<Candidate> candidates) {
        return candidates.stream()
                .filter(f -> f.status() == 0 && f.memory() <= MAX_WORKSPACE)
                .filter(f -> !deterministic || f.determinism() == cudnnDeterminism.CUDNN_DETERMINISTIC);
    }

    private static long room(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
