// The one matrix product that cuBLAS and the convolutions of cuDNN use here.
#pragma once
#include <cstdint>

namespace cudasim {

// c (m, n) = a (m, k) · b (k, n), all row-major and dense; sums of at most 256 products in float, those in double.
void multiply(int64_t m, int64_t n, int64_t k, const float *a, const float *b, float *c);

}  // namespace cudasim
