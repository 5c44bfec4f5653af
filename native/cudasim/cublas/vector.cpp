// Vectors: level 1 and 2, and the sum of two matrices.
#include <cmath>

#include "handle.h"

using namespace cudasim;
using namespace cudasim::cublas;

namespace {

bool vector(const float *x, int count, int step, const char *function, const char *argument) {
    return count <= 0 || inside(x, span(count, step) * sizeof(float), sizeof(float), function, argument);
}

// Where element i lies: a negative step runs from the end.
int64_t at(int i, int count, int step) { return step >= 0 ? int64_t{i} * step : int64_t{i - count + 1} * step; }

// A reduction whose result goes to the host (the call then waits) or the device.
int reduce(Handle &h, const char *function, float *result, std::function<float()> sum) {
    if (h.pointerMode == 1) {
        if (!inside(result, sizeof(float), sizeof(float), function, "the result")) return INVALID_VALUE;
        return submit(h, function, [=] { *result = sum(); });
    }
    if (result == nullptr || deviceAddress(result)) {
        violation("%s: the result should be on the host in this pointer mode", function);
        return INVALID_VALUE;
    }
    return finish(h, function, [=] { *result = sum(); });
}

}  // namespace

CUDASIM_API int cublasSaxpy_v2(void *handle, int n, const float *alpha, const float *x, int stepX, float *y, int stepY) {
    CUBLAS_CALL(handle);
    Factor a(*h, alpha);
    if (!a.usable(__func__, "alpha")) return INVALID_VALUE;
    if (!vector(x, n, stepX, __func__, "x") || !vector(y, n, stepY, __func__, "y")) return EXECUTION_FAILED;
    return submit(*h, __func__, [=] {
        for (int i = 0; i < n; i++) y[at(i, n, stepY)] += a.value() * x[at(i, n, stepX)];
    });
}

CUDASIM_API int cublasSscal_v2(void *handle, int n, const float *alpha, float *x, int step) {
    CUBLAS_CALL(handle);
    Factor a(*h, alpha);
    if (!a.usable(__func__, "alpha")) return INVALID_VALUE;
    if (!vector(x, n, step, __func__, "x")) return EXECUTION_FAILED;
    return submit(*h, __func__, [=] {
        for (int i = 0; i < n; i++) x[at(i, n, step)] *= a.value();
    });
}

CUDASIM_API int cublasScopy_v2(void *handle, int n, const float *x, int stepX, float *y, int stepY) {
    CUBLAS_CALL(handle);
    if (!vector(x, n, stepX, __func__, "x") || !vector(y, n, stepY, __func__, "y")) return EXECUTION_FAILED;
    return submit(*h, __func__, [=] {
        for (int i = 0; i < n; i++) y[at(i, n, stepY)] = x[at(i, n, stepX)];
    });
}

CUDASIM_API int cublasSdot_v2(void *handle, int n, const float *x, int stepX, const float *y, int stepY, float *result) {
    CUBLAS_CALL(handle);
    if (!vector(x, n, stepX, __func__, "x") || !vector(y, n, stepY, __func__, "y")) return EXECUTION_FAILED;
    return reduce(*h, __func__, result, [=] {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += double{x[at(i, n, stepX)]} * y[at(i, n, stepY)];
        return static_cast<float>(sum);
    });
}

CUDASIM_API int cublasSnrm2_v2(void *handle, int n, const float *x, int step, float *result) {
    CUBLAS_CALL(handle);
    if (!vector(x, n, step, __func__, "x")) return EXECUTION_FAILED;
    return reduce(*h, __func__, result, [=] {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += double{x[at(i, n, step)]} * x[at(i, n, step)];
        return static_cast<float>(std::sqrt(sum));
    });
}

CUDASIM_API int cublasSasum_v2(void *handle, int n, const float *x, int step, float *result) {
    CUBLAS_CALL(handle);
    if (!vector(x, n, step, __func__, "x")) return EXECUTION_FAILED;
    return reduce(*h, __func__, result, [=] {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += std::fabs(double{x[at(i, n, step)]});
        return static_cast<float>(sum);
    });
}

// y (rows of op(A)) = alpha op(A) x + beta y; A (m, n) column-major
CUDASIM_API int cublasSgemv_v2(void *handle, int transposed, int m, int n, const float *alpha, const float *a, int lda,
        const float *x, int stepX, const float *beta, float *y, int stepY) {
    CUBLAS_CALL(handle);
    Factor factor(*h, alpha), kept(*h, beta);
    if (transposed < 0 || transposed > 2 || m < 0 || n < 0 || lda < m || lda < 1 || stepX == 0 || stepY == 0) {
        return INVALID_VALUE;
    }
    if (!factor.usable(__func__, "alpha") || !kept.usable(__func__, "beta")) return INVALID_VALUE;
    int rows = transposed ? n : m, columns = transposed ? m : n;
    if (m == 0 || n == 0) return SUCCESS;
    size_t floats = size_t(n - 1) * size_t(lda) + size_t(m);
    if (!inside(a, floats * sizeof(float), sizeof(float), __func__, "A") || !vector(x, columns, stepX, __func__, "x")
            || !vector(y, rows, stepY, __func__, "y")) {
        return EXECUTION_FAILED;
    }
    return submit(*h, __func__, [=] {
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < columns; j++) {
                int64_t element = transposed ? j + int64_t{lda} * i : i + int64_t{lda} * j;
                sum += double{a[element]} * x[at(j, columns, stepX)];
            }
            float &out = y[at(i, rows, stepY)];
            out = factor.value() * static_cast<float>(sum) + (kept.value() == 0 ? 0 : kept.value() * out);
        }
    });
}

// C (m, n) = alpha op(A) + beta op(B), column-major; in place where C is A or B and not transposed
CUDASIM_API int cublasSgeam(void *handle, int ta, int tb, int m, int n, const float *alpha, const float *a, int lda,
        const float *beta, const float *b, int ldb, float *c, int ldc) {
    CUBLAS_CALL(handle);
    Factor left(*h, alpha), right(*h, beta);
    if (!left.usable(__func__, "alpha") || !right.usable(__func__, "beta")) return INVALID_VALUE;
    if (m < 0 || n < 0 || lda < (ta ? n : m) || ldb < (tb ? n : m) || ldc < m) return INVALID_VALUE;
    if ((c == a && (ta != 0 || lda != ldc)) || (c == b && (tb != 0 || ldb != ldc))) {
        violation("cublasSgeam: C may be A or B only with the same layout");
        return INVALID_VALUE;
    }
    if (m == 0 || n == 0) return SUCCESS;
    auto whole = [&](const float *matrix, int rows, int columns, int stride, const char *argument) {
        size_t floats = size_t(columns - 1) * size_t(stride) + size_t(rows);
        return inside(matrix, floats * sizeof(float), sizeof(float), "cublasSgeam", argument);
    };
    bool useA = h->pointerMode == 1 || left.value() != 0, useB = h->pointerMode == 1 || right.value() != 0;
    if ((useA && !whole(a, ta ? n : m, ta ? m : n, lda, "A")) || (useB && !whole(b, tb ? n : m, tb ? m : n, ldb, "B"))
            || !whole(c, m, n, ldc, "C")) {
        return EXECUTION_FAILED;
    }
    return submit(*h, __func__, [=] {
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                float x = left.value() == 0 ? 0 : left.value() * a[ta ? j + int64_t{lda} * i : i + int64_t{lda} * j];
                float y = right.value() == 0 ? 0 : right.value() * b[tb ? j + int64_t{ldb} * i : i + int64_t{ldb} * j];
                c[i + int64_t{ldc} * j] = x + y;
            }
        }
    });
}
