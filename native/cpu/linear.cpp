// Matrix product over oneDNN, in each of the three forms that a linear layer needs, and the bias gradient.
#include <algorithm>

#include "op.h"

using namespace taxon;
using md = dnnl::memory::desc;

extern "C" int taxon_matmul_create(taxon_op **out, int64_t m, int64_t n, int64_t k, int flags,
        const double *numbers) {
    return guard([=] {
        constexpr auto f32 = dnnl::memory::data_type::f32;
        using dims = dnnl::memory::dims;
        md a({m, k}, f32, flags & TAXON_TRANS_A ? dims{1, m} : dims{k, 1});
        md b({k, n}, f32, flags & TAXON_TRANS_B ? dims{1, k} : dims{n, 1});
        md dst({m, n}, f32, dims{n, 1});
        md bias = flags & TAXON_BIAS ? md({1, n}, f32, dims{n, 1}) : md();
        dnnl::matmul::primitive_desc pd(engine(), a, b, bias, dst, attributes(flags, numbers));
        auto op = std::make_unique<taxon_op>();
        op->implementation = std::string("dnnl:") + pd.impl_info_str();
        op->scratchBytes = (int64_t)pd.scratchpad_desc().get_size();
        std::vector<std::pair<int, md>> arguments = {{DNNL_ARG_DST, dst}, {DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b},
                {DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc()}};
        if (flags & TAXON_BIAS) arguments.push_back({DNNL_ARG_BIAS, bias});
        op->primitive = Prepared(dnnl::matmul(pd), arguments);
        *out = op.release();
    });
}

extern "C" int taxon_matmul(
        taxon_op *op, float *dst, const float *a, const float *b, const float *bias, void *scratch) {
    return guard([=] {
        op->primitive.bind(0, dst);
        op->primitive.bind(1, a);
        op->primitive.bind(2, b);
        op->primitive.bind(3, scratch);
        if (bias) op->primitive.bind(4, bias);
        op->primitive.run();
    });
}

extern "C" int taxon_column_sum(float *dst, const float *src, int accumulate, int64_t rows, int64_t columns) {
    constexpr int64_t STRIP = 64, BLOCK = 64;  // columns side by side; rows summed in float
#pragma omp parallel for schedule(static) if (rows * columns > 16384)
    for (int64_t c0 = 0; c0 < columns; c0 += STRIP) {
        int64_t width = std::min(STRIP, columns - c0);
        double total[STRIP] = {};
        for (int64_t r0 = 0; r0 < rows; r0 += BLOCK) {
            float sum[STRIP] = {};
            for (int64_t r = r0; r < std::min(r0 + BLOCK, rows); r++) {
                const float *x = src + r * columns + c0;
#pragma omp simd
                for (int64_t c = 0; c < width; c++) sum[c] += x[c];
            }
            for (int64_t c = 0; c < width; c++) total[c] += (double)sum[c];
        }
        for (int64_t c = 0; c < width; c++) dst[c0 + c] = (accumulate ? dst[c0 + c] : 0.f) + (float)total[c];
    }
    return 0;
}
