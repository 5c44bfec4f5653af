// Convolution over oneDNN: NHWC activations, weights in whatever layout the chosen kernel likes best.
#include <algorithm>
#include <cstring>

#include "depthwise_conv2d.h"
#include "group_conv2d.h"
#include "op.h"
#include "packed_gradient.h"
#include "pointwise_conv2d.h"
#include "small_conv2d.h"
#include "winograd_conv2d.h"

namespace taxon {
namespace {

using md = dnnl::memory::desc;
using tag = dnnl::memory::format_tag;
constexpr auto f32 = dnnl::memory::data_type::f32;

struct Problem {
    dnnl::memory::dims src, dst, weights, strides, dilates, padL, padR;
    tag plain;

    explicit Problem(const int64_t *s) {
        src = {s[TAXON_N], s[TAXON_IN_C], s[TAXON_IN_H], s[TAXON_IN_W]};
        dst = {s[TAXON_N], s[TAXON_OUT_C], s[TAXON_OUT_H], s[TAXON_OUT_W]};
        int64_t g = s[TAXON_GROUPS];
        if (g == 1) {
            weights = {s[TAXON_OUT_C], s[TAXON_IN_C], s[TAXON_K_H], s[TAXON_K_W]};
            plain = tag::oihw;
        } else {
            weights = {g, s[TAXON_OUT_C] / g, s[TAXON_IN_C] / g, s[TAXON_K_H], s[TAXON_K_W]};
            plain = tag::goihw;
        }
        strides = {s[TAXON_STRIDE_H], s[TAXON_STRIDE_W]};
        dilates = {s[TAXON_DILATION_H] - 1, s[TAXON_DILATION_W] - 1};
        padL = {s[TAXON_PAD_H], s[TAXON_PAD_W]};
        for (int i = 0; i < 2; i++) {
            int64_t reach = (s[TAXON_OUT_H + i] - 1) * s[TAXON_STRIDE_H + i]
                    + (s[TAXON_K_H + i] - 1) * s[TAXON_DILATION_H + i] + 1;
            padR.push_back(reach - s[TAXON_IN_H + i] - s[TAXON_PAD_H + i]);
        }
    }

    // One window that is the whole image: a matrix product over (row, column, channel), as NHWC lies.
    bool isLinear() const {
        return src.size() == 4 && weights.size() == 4 && weights[2] == src[2] && weights[3] == src[3] && padL[0] == 0
                && padL[1] == 0 && dilates[0] == 0 && dilates[1] == 0;
    }
    md linearWeights() const { return md(weights, f32, tag::ohwi); }
    int64_t features() const { return src[1] * src[2] * src[3]; }

    md srcDesc() const { return md(src, f32, tag::nhwc); }
    md dstDesc() const { return md(dst, f32, tag::nhwc); }
    md anyWeights() const { return md(weights, f32, tag::any); }
    md plainWeights() const { return md(weights, f32, plain); }
    md biasDesc() const { return md({dst[1]}, f32, tag::x); }

    dnnl::convolution_forward::primitive_desc forward(
            dnnl::prop_kind kind, int flags, const double *numbers = nullptr) const {
        auto attr = attributes(flags, numbers);
        return dnnl::convolution_forward::primitive_desc(engine(), kind, dnnl::algorithm::convolution_direct,
                srcDesc(), anyWeights(), flags & TAXON_BIAS ? biasDesc() : md(), dstDesc(), strides, dilates, padL,
                padR, attr);
    }
};

void prepare_pack(taxon_op &op, const md &plain, const md &packed) {
    if (plain == packed) return;
    op.packedBytes = (int64_t)packed.get_size();
    op.pack = reorder(plain, packed, false, op.scratchBytes);
}

// dst (m, n) = a (m, k) · b (k, n), each with its strides; arguments stand as those of a convolution do.
void prepare_linear(taxon_op &op, const md &dst, const md &a, const md &b, const md &bias, int flags = 0,
        const double *numbers = nullptr) {
    dnnl::matmul::primitive_desc pd(engine(), a, b, bias, dst, attributes(flags, numbers));
    op.implementation = std::string("dnnl:") + pd.impl_info_str();
    op.scratchBytes = (int64_t)pd.scratchpad_desc().get_size();
    std::vector<std::pair<int, md>> arguments = {{DNNL_ARG_DST, dst}, {DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b},
            {DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc()}};
    if (flags & TAXON_BIAS) arguments.push_back({DNNL_ARG_BIAS, bias});
    op.primitive = Prepared(dnnl::matmul(pd), arguments);
}

md matrix(int64_t rows, int64_t columns) { return md({rows, columns}, f32, tag::ab); }

md transposed(int64_t rows, int64_t columns) { return md({rows, columns}, f32, tag::ba); }

// Scratch of backward weights: oneDNN's scratchpad, then the gradient in the kernel's own layout, then the bias's.
struct BackwardWeights : taxon_op {
    Prepared assign, add, addBias;
    int64_t weightsOffset = 0, biasOffset = 0;
    bool plain = false;
    int64_t picked[TAXON_SIZES] = {}, pickedOffset = 0;  // of a strided 1×1 window: the pixels that it sees
    int64_t sumRows = 0, sumColumns = 0;  // of a matrix product, whose bias gradient is a sum of its own
};

// oneDNN 3.13's strided 1×1 backward weights (jit_1x1, two threads, odd channels) now and then gives another result,
// so the pixels are picked here and the window has stride 1.
bool picks(const int64_t *s) {
    return s[TAXON_K_H] == 1 && s[TAXON_K_W] == 1 && s[TAXON_PAD_H] == 0 && s[TAXON_PAD_W] == 0
            && s[TAXON_STRIDE_H] == s[TAXON_STRIDE_W] && s[TAXON_STRIDE_H] > 1;
}

void prepare_pick(BackwardWeights &op, const int64_t *sizes) {
    std::copy(sizes, sizes + TAXON_SIZES, op.picked);
    op.picked[TAXON_OUT_C] = sizes[TAXON_IN_C];
    op.pickedOffset = op.scratchBytes;
    op.scratchBytes += sizes[TAXON_N] * sizes[TAXON_OUT_H] * sizes[TAXON_OUT_W] * sizes[TAXON_IN_C] * 4;
    op.implementation += "+taxon:subsample";
}

int64_t align(int64_t bytes) { return (bytes + 63) / 64 * 64; }

// Our own kernel where it is faster than oneDNN's, or NULL.
OwnConv2d *own_forward(const int64_t *sizes, int flags, const double *numbers) {
    if (flags & TAXON_LIBRARY) return nullptr;
    if (OwnConv2d *op = depthwise_conv2d_forward(sizes, flags, numbers)) return op;
    if (OwnConv2d *op = group_conv2d_forward(sizes, flags, numbers)) return op;
    if (OwnConv2d *op = small_conv2d_forward(sizes, flags)) return op;
    if (OwnConv2d *op = pointwise_conv2d_forward(sizes, flags)) return op;
    return winograd_conv2d_forward(sizes, flags, numbers);
}

OwnConv2d *own_backward_data(const int64_t *sizes, int flags) {
    if (flags & TAXON_LIBRARY) return nullptr;
    if (OwnConv2d *op = depthwise_conv2d_backward_data(sizes)) return op;
    if (OwnConv2d *op = group_conv2d_backward_data(sizes)) return op;
    if (OwnConv2d *op = small_conv2d_backward_data(sizes)) return op;
    return winograd_conv2d_backward_data(sizes, flags);
}

OwnConv2d *own_backward_weights(const int64_t *sizes, int flags) {
    if (flags & TAXON_LIBRARY) return nullptr;
    if (OwnConv2d *op = depthwise_conv2d_backward_weights(sizes)) return op;
    if (OwnConv2d *op = group_conv2d_backward_weights(sizes)) return op;
    if (OwnConv2d *op = group_pointwise_backward_weights(sizes)) return op;
    if (OwnConv2d *op = small_conv2d_backward_weights(sizes)) return op;
    if (OwnConv2d *op = winograd_conv2d_backward_weights(sizes, flags)) return op;
    return packed_conv2d_backward_weights(sizes);
}

}  // namespace
}  // namespace taxon

using namespace taxon;

extern "C" int taxon_conv2d_forward_create(
        taxon_op **out, const int64_t *sizes, int flags, const double *numbers) {
    return guard([=] {
        if ((*out = own_forward(sizes, flags, numbers))) return;
        Problem p(sizes);
        auto op = std::make_unique<taxon_op>();
        if (p.isLinear()) {
            int64_t k = p.features(), o = p.dst[1];
            prepare_linear(*op, matrix(p.dst[0], o), matrix(p.dst[0], k), transposed(k, o),
                    flags & TAXON_BIAS ? matrix(1, o) : md(), flags, numbers);
            prepare_pack(*op, p.plainWeights(), p.linearWeights());
            *out = op.release();
            return;
        }
        auto pd = p.forward(dnnl::prop_kind::forward_inference, flags, numbers);
        op->implementation = std::string("dnnl:") + pd.impl_info_str();
        op->scratchBytes = (int64_t)pd.scratchpad_desc().get_size();
        prepare_pack(*op, p.plainWeights(), pd.weights_desc());
        std::vector<std::pair<int, md>> arguments = {{DNNL_ARG_DST, pd.dst_desc()}, {DNNL_ARG_SRC, pd.src_desc()},
                {DNNL_ARG_WEIGHTS, pd.weights_desc()}, {DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc()}};
        if (flags & TAXON_BIAS) arguments.push_back({DNNL_ARG_BIAS, pd.bias_desc()});
        op->primitive = Prepared(dnnl::convolution_forward(pd), arguments);
        *out = op.release();
    });
}

extern "C" int taxon_conv2d_forward(
        taxon_op *op, float *dst, const float *src, const float *weights, const float *bias, void *scratch) {
    return guard([=] {
        if (auto *own = dynamic_cast<OwnConv2d *>(op)) return own->forward(dst, src, weights, bias, scratch);
        op->primitive.bind(0, dst);
        op->primitive.bind(1, src);
        op->primitive.bind(2, weights);
        op->primitive.bind(3, scratch);
        if (bias) op->primitive.bind(4, bias);
        op->primitive.run();
    });
}

extern "C" int taxon_conv2d_backward_data_create(taxon_op **out, const int64_t *sizes, int flags) {
    return guard([=] {
        if ((*out = own_backward_data(sizes, flags))) return;
        Problem p(sizes);
        auto op = std::make_unique<taxon_op>();
        if (p.isLinear()) {
            int64_t k = p.features(), o = p.dst[1];
            prepare_linear(*op, matrix(p.dst[0], k), matrix(p.dst[0], o), matrix(o, k), md());
            prepare_pack(*op, p.plainWeights(), p.linearWeights());
            *out = op.release();
            return;
        }
        auto hint = p.forward(dnnl::prop_kind::forward_training, 0);
        dnnl::convolution_backward_data::primitive_desc pd(engine(), dnnl::algorithm::convolution_direct, p.srcDesc(),
                p.anyWeights(), p.dstDesc(), p.strides, p.dilates, p.padL, p.padR, hint, attributes());
        op->implementation = std::string("dnnl:") + pd.impl_info_str();
        op->scratchBytes = (int64_t)pd.scratchpad_desc().get_size();
        prepare_pack(*op, p.plainWeights(), pd.weights_desc());
        op->primitive = Prepared(dnnl::convolution_backward_data(pd),
                {{DNNL_ARG_DIFF_SRC, pd.diff_src_desc()}, {DNNL_ARG_DIFF_DST, pd.diff_dst_desc()},
                        {DNNL_ARG_WEIGHTS, pd.weights_desc()}, {DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc()}});
        *out = op.release();
    });
}

extern "C" int taxon_conv2d_backward_data(
        taxon_op *op, float *diffSrc, const float *diffDst, const float *weights, void *scratch) {
    return guard([=] {
        if (auto *own = dynamic_cast<OwnConv2d *>(op)) return own->backward_data(diffSrc, diffDst, weights, scratch);
        op->primitive.bind(0, diffSrc);
        op->primitive.bind(1, diffDst);
        op->primitive.bind(2, weights);
        op->primitive.bind(3, scratch);
        op->primitive.run();
    });
}

extern "C" int taxon_conv2d_backward_weights_create(taxon_op **out, const int64_t *sizes, int flags) {
    return guard([=] {
        if ((*out = own_backward_weights(sizes, flags))) return;
        bool pick = picks(sizes);
        int64_t plain[TAXON_SIZES];
        std::copy(sizes, sizes + TAXON_SIZES, plain);
        if (pick) {
            std::copy(sizes + TAXON_OUT_H, sizes + TAXON_OUT_W + 1, plain + TAXON_IN_H);
            plain[TAXON_STRIDE_H] = plain[TAXON_STRIDE_W] = 1;
        }
        Problem p(plain);
        bool bias = flags & TAXON_BIAS;
        auto op = std::make_unique<BackwardWeights>();
        if (p.isLinear()) {
            int64_t k = p.features(), o = p.dst[1], n = p.dst[0];
            prepare_linear(*op, matrix(o, k), transposed(o, n), matrix(n, k), md());
            op->assign = reorder(p.linearWeights(), p.plainWeights(), false, op->scratchBytes);
            op->add = reorder(p.linearWeights(), p.plainWeights(), true, op->scratchBytes);
            op->weightsOffset = align(op->scratchBytes);
            op->scratchBytes = op->weightsOffset + align(o * k * 4);
            op->sumRows = n;
            op->sumColumns = o;
            if (pick) prepare_pick(*op, sizes);
            *out = op.release();
            return;
        }
        auto hint = p.forward(dnnl::prop_kind::forward_training, flags & TAXON_BIAS);
        dnnl::convolution_backward_weights::primitive_desc pd(engine(), dnnl::algorithm::convolution_direct,
                p.srcDesc(), p.anyWeights(), bias ? p.biasDesc() : md(), p.dstDesc(), p.strides, p.dilates, p.padL,
                p.padR, hint, attributes());
        op->implementation = std::string("dnnl:") + pd.impl_info_str();
        int64_t pad = (int64_t)pd.scratchpad_desc().get_size();
        md packed = pd.diff_weights_desc();
        op->plain = packed == p.plainWeights();
        op->assign = reorder(packed, p.plainWeights(), false, pad);
        op->add = reorder(packed, p.plainWeights(), true, pad);
        std::vector<std::pair<int, md>> arguments = {{DNNL_ARG_DIFF_WEIGHTS, packed},
                {DNNL_ARG_DIFF_DST, pd.diff_dst_desc()}, {DNNL_ARG_SRC, pd.src_desc()},
                {DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc()}};
        if (bias) {
            arguments.push_back({DNNL_ARG_DIFF_BIAS, pd.diff_bias_desc()});
            op->addBias = reorder(p.biasDesc(), p.biasDesc(), true, pad);
        }
        op->weightsOffset = align(pad);
        op->biasOffset = op->weightsOffset + align((int64_t)packed.get_size());
        op->scratchBytes = op->biasOffset + align(bias ? p.dst[1] * 4 : 0);
        op->primitive = Prepared(dnnl::convolution_backward_weights(pd), arguments);
        if (pick) prepare_pick(*op, sizes);
        *out = op.release();
    });
}

extern "C" int taxon_conv2d_backward_weights(taxon_op *handle, float *diffWeights, float *diffBias,
        const float *diffDst, const float *src, int accumulate, void *scratch) {
    return guard([=] {
        if (auto *own = dynamic_cast<OwnConv2d *>(handle)) {
            return own->backward_weights(diffWeights, diffBias, diffDst, src, accumulate, scratch);
        }
        auto *op = static_cast<BackwardWeights *>(handle);
        bool direct = op->plain && !accumulate;
        char *base = static_cast<char *>(scratch);
        void *ownWeights = direct ? static_cast<void *>(diffWeights) : base + op->weightsOffset;
        void *ownBias = accumulate ? static_cast<void *>(base + op->biasOffset) : diffBias;
        op->primitive.bind(0, ownWeights);
        op->primitive.bind(1, diffDst);
        const float *seen = src;
        if (op->pickedOffset) {
            auto *pixels = reinterpret_cast<float *>(base + op->pickedOffset);
            taxon_shortcut_a_forward(pixels, src, op->picked);
            seen = pixels;
        }
        op->primitive.bind(2, seen);
        op->primitive.bind(3, scratch);
        if (diffBias && !op->sumRows) op->primitive.bind(4, ownBias);
        op->primitive.run();
        if (!direct) {
            Prepared &unpack = accumulate ? op->add : op->assign;
            unpack.bind(0, diffWeights);
            unpack.bind(1, ownWeights);
            unpack.bind(2, scratch);
            unpack.run();
        }
        if (diffBias && op->sumRows) {
            taxon_column_sum(diffBias, diffDst, accumulate, op->sumRows, op->sumColumns);
        } else if (diffBias && accumulate) {
            op->addBias.bind(0, diffBias);
            op->addBias.bind(1, ownBias);
            op->addBias.bind(2, scratch);
            op->addBias.run();
        }
    });
}
