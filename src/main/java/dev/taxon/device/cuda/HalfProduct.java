package dev.taxon.device.cuda;

import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Node;
import jcuda.cudaDataType;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;

/** A matrix product whose factors have 16 bits, and whose sums and result are float32. */
final class HalfProduct {
    private HalfProduct() {}

    /**
     * c (m, n) = op(a) (m, k) · op(b) (k, n), column by column and dense, as cuBLAS has them.
     *
     * @param gradient of a parameter: added to where the step accumulates
     */
    static void add(
            Lowering l,
            Halves halves,
            Node node,
            Pass pass,
            boolean transposedA,
            boolean transposedB,
            int m,
            int n,
            int k,
            Block a,
            Block b,
            Operand c,
            boolean gradient) {
        Gpu gpu = l.gpu;
        int type = halves.cublasType();
        l.timeline.add(
                node.name(),
                pass,
                "cublas:gemm_ex/" + halves.name(),
                s -> gpu.cublas(JCublas2.cublasGemmEx_new( // the other one takes a cudaDataType and allocates
                        gpu.cublas(),
                        transposedA ? CUBLAS_OP_T : CUBLAS_OP_N,
                        transposedB ? CUBLAS_OP_T : CUBLAS_OP_N,
                        m,
                        n,
                        k,
                        gpu.one(),
                        a.pointer(),
                        type,
                        transposedA ? k : m,
                        b.pointer(),
                        type,
                        transposedB ? n : k,
                        gradient ? s.beta(gpu) : gpu.zero(),
                        c.pointer(),
                        cudaDataType.CUDA_R_32F,
                        m,
                        cublasComputeType.CUBLAS_COMPUTE_32F,
                        cublasGemmAlgo.CUBLAS_GEMM_DEFAULT)),
                a,
                b,
                ConvolutionOps.block(c));
    }
}
