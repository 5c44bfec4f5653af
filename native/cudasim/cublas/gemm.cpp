// Matrix products: column-major, as cuBLAS has them.
#include "../dense/gemm.h"

#include <vector>

#include "../dense/scalar.h"
#include "../dense/tf32.h"
#include "handle.h"

using namespace cudasim;
using namespace cudasim::cublas;

namespace {

constexpr int TF32_TENSOR_OP_MATH = 3;  // cublasMath_t
// cublasComputeType_t
constexpr int COMPUTE_32F = 68;
constexpr int COMPUTE_32F_FAST_TF32 = 77;

struct Matrix {
    const void *data;
    Scalar type;
    int stride;          // leading dimension
    int64_t step;        // to the next matrix of a batch, in elements
    bool transposed;
};

struct Product {
    int m, n, k;
    Matrix a, b, c;
    int batch;
    bool tf32;
};

bool scalarOf(int cudaType, Scalar *type) {
    switch (cudaType) {
        case 0: *type = Scalar::FLOAT; return true;      // CUDA_R_32F
        case 2: *type = Scalar::HALF; return true;       // CUDA_R_16F
        case 14: *type = Scalar::BFLOAT16; return true;  // CUDA_R_16BF
        default: return false;
    }
}

// The matrix as stored: rows × columns before transposition.
bool whole(const Matrix &matrix, int rows, int columns, int batch, const char *function, const char *argument) {
    if (rows == 0 || columns == 0 || batch == 0) return true;
    int64_t last = (columns - 1) * int64_t{matrix.stride} + rows + (batch - 1) * matrix.step;
    auto size = static_cast<size_t>(bytes(matrix.type));
    return inside(matrix.data, static_cast<size_t>(last) * size, size, function, argument);
}

// op(matrix) (rows, columns), row-major
std::vector<float> dense(const Matrix &matrix, int64_t first, int rows, int columns) {
    std::vector<float> out(static_cast<size_t>(rows) * static_cast<size_t>(columns));
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
            int64_t at = matrix.transposed ? j + int64_t{matrix.stride} * i : i + int64_t{matrix.stride} * j;
            out[static_cast<size_t>(i) * static_cast<size_t>(columns) + static_cast<size_t>(j)] =
                    load(matrix.data, matrix.type, first + at);
        }
    }
    return out;
}

void compute(const Product &p, float alpha, float beta) {
    std::vector<float> sums(static_cast<size_t>(p.m) * static_cast<size_t>(p.n));
    for (int64_t item = 0; item < p.batch; item++) {
        auto a = dense(p.a, item * p.a.step, p.m, p.k);
        auto b = dense(p.b, item * p.b.step, p.k, p.n);
        if (p.tf32) {
            toTf32(a);
            toTf32(b);
        }
        multiply(p.m, p.n, p.k, a.data(), b.data(), sums.data());
        auto *c = const_cast<void *>(p.c.data);
        for (int64_t j = 0; j < p.n; j++) {
            for (int64_t i = 0; i < p.m; i++) {
                int64_t at = item * p.c.step + i + p.c.stride * j;
                // beta 0 means that c is only written, be it NaN
                float before = beta == 0 ? 0 : beta * load(c, p.c.type, at);
                store(c, p.c.type, at, alpha * sums[static_cast<size_t>(i * p.n + j)] + before);
            }
        }
    }
}

int gemm(Handle &h, const char *function, Product p, const float *alphaPointer, const float *betaPointer) {
    if (p.m < 0 || p.n < 0 || p.k < 0 || p.batch < 0) return INVALID_VALUE;
    auto atLeast = [](int stride, int rows) { return stride >= (rows > 1 ? rows : 1); };
    if (!atLeast(p.a.stride, p.a.transposed ? p.k : p.m) || !atLeast(p.b.stride, p.b.transposed ? p.n : p.k)
            || !atLeast(p.c.stride, p.m)) {
        violation("%s: a leading dimension is less than the rows of its matrix", function);
        return INVALID_VALUE;
    }
    Factor alpha(h, alphaPointer), beta(h, betaPointer);
    if (!alpha.usable(function, "alpha") || !beta.usable(function, "beta")) return INVALID_VALUE;
    if (p.m == 0 || p.n == 0 || p.batch == 0) return SUCCESS;
    bool fine = whole(p.a, p.a.transposed ? p.k : p.m, p.a.transposed ? p.m : p.k, p.batch, function, "A")
            && whole(p.b, p.b.transposed ? p.n : p.k, p.b.transposed ? p.k : p.n, p.batch, function, "B")
            && whole(p.c, p.m, p.n, p.batch, function, "C");
    if (!fine) return EXECUTION_FAILED;
    return submit(h, function, [=] { compute(p, alpha.value(), beta.value()); });
}

// CUBLAS_OP_N, _T and (the same for real numbers) _C.
bool known(int operation) { return operation >= 0 && operation <= 2; }

int typed(Handle &h, const char *function, int ta, int tb, int m, int n, int k, const void *alpha, const void *a, int aType,
        int lda, int64_t stepA, const void *b, int bType, int ldb, int64_t stepB, const void *beta, void *c, int cType,
        int ldc, int64_t stepC, int batch, int computeType) {
    Scalar typeA, typeB, typeC;
    if (!known(ta) || !known(tb)) return INVALID_VALUE;
    if (!scalarOf(aType, &typeA) || !scalarOf(bType, &typeB) || !scalarOf(cType, &typeC)) return NOT_SUPPORTED;
    // CUBLAS_COMPUTE_32F and its PEDANTIC, FAST_16F, FAST_16BF, FAST_TF32 kinds: scalars are float.
    bool float32 = computeType >= 68 && computeType <= 77 && computeType != 70 && computeType != 71 && computeType != 72
            && computeType != 73;
    if (!float32 || typeA != typeB || (typeA == Scalar::FLOAT && typeC != Scalar::FLOAT)
            || (typeA != Scalar::FLOAT && typeC != Scalar::FLOAT && typeC != typeA)) {
        return NOT_SUPPORTED;
    }
    bool asked = (h.mathMode & 15) == TF32_TENSOR_OP_MATH || computeType == COMPUTE_32F_FAST_TF32;
    bool tf32 = typeA == Scalar::FLOAT && asked && setting(Setting::COMPUTE_MAJOR) >= 8;
    Product product{m, n, k, {a, typeA, lda, stepA, ta != 0}, {b, typeB, ldb, stepB, tb != 0},
            {c, typeC, ldc, stepC, false}, batch, tf32};
    return gemm(h, function, product, static_cast<const float *>(alpha), static_cast<const float *>(beta));
}

}  // namespace

CUDASIM_API int cublasSgemm_v2(void *handle, int ta, int tb, int m, int n, int k, const float *alpha, const float *a, int lda,
        const float *b, int ldb, const float *beta, float *c, int ldc) {
    CUBLAS_CALL(handle);
    return typed(*h, __func__, ta, tb, m, n, k, alpha, a, 0, lda, 0, b, 0, ldb, 0, beta, c, 0, ldc, 0, 1, COMPUTE_32F);
}

CUDASIM_API int cublasSgemmStridedBatched(void *handle, int ta, int tb, int m, int n, int k, const float *alpha,
        const float *a, int lda, long long stepA, const float *b, int ldb, long long stepB, const float *beta, float *c,
        int ldc, long long stepC, int batch) {
    CUBLAS_CALL(handle);
    return typed(*h, __func__, ta, tb, m, n, k, alpha, a, 0, lda, stepA, b, 0, ldb, stepB, beta, c, 0, ldc, stepC, batch,
            COMPUTE_32F);
}

CUDASIM_API int cublasGemmEx(void *handle, int ta, int tb, int m, int n, int k, const void *alpha, const void *a, int aType,
        int lda, const void *b, int bType, int ldb, const void *beta, void *c, int cType, int ldc, int computeType, int) {
    CUBLAS_CALL(handle);
    return typed(*h, __func__, ta, tb, m, n, k, alpha, a, aType, lda, 0, b, bType, ldb, 0, beta, c, cType, ldc, 0, 1,
            computeType);
}

CUDASIM_API int cublasGemmStridedBatchedEx(void *handle, int ta, int tb, int m, int n, int k, const void *alpha,
        const void *a, int aType, int lda, long long stepA, const void *b, int bType, int ldb, long long stepB,
        const void *beta, void *c, int cType, int ldc, long long stepC, int batch, int computeType, int) {
    CUBLAS_CALL(handle);
    return typed(*h, __func__, ta, tb, m, n, k, alpha, a, aType, lda, stepA, b, bType, ldb, stepB, beta, c, cType, ldc,
            stepC, batch, computeType);
}
