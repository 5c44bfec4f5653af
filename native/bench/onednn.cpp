// oneDNN's kernels for the work that libtaxon does with its own, on the caller's buffers in the layout of taxon.h. What oneDNN wants
// beside them (workspaces, statistics, scratchpads) it allocates when a peer is made.
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

namespace {

using dnnl::algorithm;
using dnnl::memory;
using dnnl::prop_kind;
using Dims = memory::dims;
using Args = std::unordered_map<int, memory>;

dnnl::engine &engine() {
    static dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

memory::desc desc(const Dims &dims, const Dims &strides) {
    return memory::desc(dims, memory::data_type::f32, strides);
}

memory::desc matrix(int64_t rows, int64_t columns) { return desc({rows, columns}, {columns, 1}); }

memory::desc nhwc(int64_t n, int64_t c, int64_t h, int64_t w) { return desc({n, c, h, w}, {h * w * c, 1, w * c, c}); }

memory on(const memory::desc &d, float *data) { return memory(d, engine(), data); }

memory fresh(const memory::desc &d) { return memory(d, engine()); }

}  // namespace

// Primitives that run one after the other.
struct taxon_peer {
    std::vector<std::pair<dnnl::primitive, Args>> steps;
    dnnl::stream stream{engine()};

    void run() {
        for (auto &step : steps) step.first.execute(stream, step.second);
        stream.wait();
    }
    void add(const dnnl::primitive &primitive, Args args) { steps.emplace_back(primitive, std::move(args)); }
    // Work that comes before what is measured, once.
    void once(const dnnl::primitive &primitive, const Args &args) {
        primitive.execute(stream, args);
        stream.wait();
    }
};

namespace {

// What a case is made from: sizes, and pointers in the order of libtaxon's own arguments, results first.
struct Case {
    taxon_peer &peer;
    const int64_t *sizes;
    float *const *data;
};

const float EPS = 1e-5f;

void batch_norm(const Case &c, bool backward) {
    memory::desc d = nhwc(c.sizes[0], c.sizes[1], c.sizes[2], c.sizes[3]);
    memory::desc vector = desc({c.sizes[1]}, {1});
    auto flags = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift
            | dnnl::normalization_flags::fuse_norm_relu;
    dnnl::batch_normalization_forward::primitive_desc pd(engine(), prop_kind::forward_training, d, d, EPS, flags);
    float *const *p = backward ? c.data + 4 : c.data + 1;  // src, scale, shift
    Args args = {{DNNL_ARG_SRC, on(d, p[0])}, {DNNL_ARG_SCALE, on(vector, p[1])}, {DNNL_ARG_SHIFT, on(vector, p[2])},
        {DNNL_ARG_DST, backward ? fresh(d) : on(d, c.data[0])}, {DNNL_ARG_MEAN, fresh(vector)},
        {DNNL_ARG_VARIANCE, fresh(vector)}, {DNNL_ARG_WORKSPACE, fresh(pd.workspace_desc())}};
    if (!backward) return c.peer.add(dnnl::batch_normalization_forward(pd), args);
    c.peer.once(dnnl::batch_normalization_forward(pd), args);
    dnnl::batch_normalization_backward::primitive_desc bd(engine(), prop_kind::backward, d, d, d, EPS, flags, pd);
    args.erase(DNNL_ARG_DST);
    args.insert({DNNL_ARG_DIFF_SRC, on(d, c.data[0])});
    args.insert({DNNL_ARG_DIFF_SCALE, on(vector, c.data[1])});
    args.insert({DNNL_ARG_DIFF_SHIFT, on(vector, c.data[2])});
    args.insert({DNNL_ARG_DIFF_DST, on(d, c.data[3])});
    c.peer.add(dnnl::batch_normalization_backward(bd), args);
}

void layer_norm(const Case &c, bool backward) {
    memory::desc d = matrix(c.sizes[0], c.sizes[1]);
    memory::desc vector = desc({c.sizes[1]}, {1});
    auto flags = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
    dnnl::layer_normalization_forward::primitive_desc pd(engine(), prop_kind::forward_training, d, d, EPS, flags);
    float *const *p = backward ? c.data + 4 : c.data + 1;
    Args args = {{DNNL_ARG_SRC, on(d, p[0])}, {DNNL_ARG_SCALE, on(vector, p[1])}, {DNNL_ARG_SHIFT, on(vector, p[2])},
        {DNNL_ARG_DST, backward ? fresh(d) : on(d, c.data[0])}, {DNNL_ARG_MEAN, fresh(pd.mean_desc())},
        {DNNL_ARG_VARIANCE, fresh(pd.variance_desc())}};
    if (!backward) return c.peer.add(dnnl::layer_normalization_forward(pd), args);
    c.peer.once(dnnl::layer_normalization_forward(pd), args);
    dnnl::layer_normalization_backward::primitive_desc bd(engine(), prop_kind::backward, d, d, d, EPS, flags, pd);
    args.erase(DNNL_ARG_DST);
    args.insert({DNNL_ARG_DIFF_SRC, on(d, c.data[0])});
    args.insert({DNNL_ARG_DIFF_SCALE, on(vector, c.data[1])});
    args.insert({DNNL_ARG_DIFF_SHIFT, on(vector, c.data[2])});
    args.insert({DNNL_ARG_DIFF_DST, on(d, c.data[3])});
    c.peer.add(dnnl::layer_normalization_backward(bd), args);
}

// sizes: N, C, H, W, outH, outW, window, stride, padding
void pool(const Case &c, algorithm kind, bool backward) {
    const int64_t *s = c.sizes;
    memory::desc in = nhwc(s[0], s[1], s[2], s[3]), out = nhwc(s[0], s[1], s[4], s[5]);
    Dims window = {s[6], s[6]}, stride = {s[7], s[7]}, begin = {s[8], s[8]};
    Dims end = {(s[4] - 1) * s[7] + s[6] - s[2] - s[8], (s[5] - 1) * s[7] + s[6] - s[3] - s[8]};
    bool max = kind == algorithm::pooling_max;
    dnnl::pooling_forward::primitive_desc pd(engine(), max ? prop_kind::forward_training : prop_kind::forward_inference, kind,
            in, out, stride, window, {0, 0}, begin, end);
    if (!backward) {
        Args args = {{DNNL_ARG_SRC, on(in, c.data[1])}, {DNNL_ARG_DST, on(out, c.data[0])}};
        if (max) args.insert({DNNL_ARG_WORKSPACE, fresh(pd.workspace_desc())});
        return c.peer.add(dnnl::pooling_forward(pd), args);
    }
    Args args = {{DNNL_ARG_DIFF_SRC, on(in, c.data[0])}, {DNNL_ARG_DIFF_DST, on(out, c.data[1])}};
    if (max) {
        memory workspace = fresh(pd.workspace_desc());
        c.peer.once(dnnl::pooling_forward(pd), {{DNNL_ARG_SRC, on(in, c.data[2])}, {DNNL_ARG_DST, fresh(out)},
                {DNNL_ARG_WORKSPACE, workspace}});
        args.insert({DNNL_ARG_WORKSPACE, workspace});
    }
    dnnl::pooling_backward::primitive_desc bd(engine(), kind, in, out, stride, window, {0, 0}, begin, end, pd);
    c.peer.add(dnnl::pooling_backward(bd), args);
}

// sizes: count, which function; its backward reads the output of the first three, the input of the others
struct Function {
    algorithm forward, backward;
    float alpha, beta;
};
const Function FUNCTIONS[] = {
    {algorithm::eltwise_relu, algorithm::eltwise_relu_use_dst_for_bwd, 0, 0},
    {algorithm::eltwise_tanh, algorithm::eltwise_tanh_use_dst_for_bwd, 0, 0},
    {algorithm::eltwise_logistic, algorithm::eltwise_logistic_use_dst_for_bwd, 0, 0},
    {algorithm::eltwise_hardswish, algorithm::eltwise_hardswish, 1 / 6.0f, 0.5f},
    {algorithm::eltwise_swish, algorithm::eltwise_swish, 1, 0},
    {algorithm::eltwise_gelu_erf, algorithm::eltwise_gelu_erf, 0, 0},
};

void activation(const Case &c, bool backward) {
    memory::desc d = desc({c.sizes[0]}, {1});
    const Function &f = FUNCTIONS[c.sizes[1]];
    bool output = f.forward != f.backward;
    algorithm kind = backward ? f.backward : f.forward;
    dnnl::eltwise_forward::primitive_desc pd(engine(), prop_kind::forward_training, kind, d, d, f.alpha, f.beta);
    if (!backward) {
        return c.peer.add(dnnl::eltwise_forward(pd), {{DNNL_ARG_SRC, on(d, c.data[1])}, {DNNL_ARG_DST, on(d, c.data[0])}});
    }
    dnnl::eltwise_backward::primitive_desc bd(engine(), kind, d, d, d, f.alpha, f.beta, pd);
    c.peer.add(dnnl::eltwise_backward(bd), {{DNNL_ARG_DIFF_SRC, on(d, c.data[0])}, {DNNL_ARG_DIFF_DST, on(d, c.data[1])},
            {output ? DNNL_ARG_DST : DNNL_ARG_SRC, on(d, c.data[2])}});
}

void binary(const Case &c, algorithm kind, const memory::desc &d, const memory::desc &other) {
    dnnl::binary::primitive_desc pd(engine(), kind, d, other, d);
    c.peer.add(dnnl::binary(pd), {{DNNL_ARG_DST, on(d, c.data[0])}, {DNNL_ARG_SRC_0, on(d, c.data[1])},
            {DNNL_ARG_SRC_1, on(other, c.data[2])}});
}

void channel_scale(const Case &c) {  // sizes: N, C, pixels
    binary(c, algorithm::binary_mul, nhwc(c.sizes[0], c.sizes[1], c.sizes[2], 1), nhwc(c.sizes[0], c.sizes[1], 1, 1));
}

void channel_shuffle(const Case &c) {  // sizes: rows, C, groups
    memory::desc d = matrix(c.sizes[0], c.sizes[1]);
    dnnl::shuffle_forward::primitive_desc pd(engine(), prop_kind::forward_inference, d, d, 1, (int)(c.sizes[1] / c.sizes[2]));
    c.peer.add(dnnl::shuffle_forward(pd), {{DNNL_ARG_SRC, on(d, c.data[1])}, {DNNL_ARG_DST, on(d, c.data[0])}});
}

void reorder(const Case &c, const memory::desc &from, const memory::desc &to) {
    dnnl::reorder::primitive_desc pd(engine(), from, engine(), to);
    c.peer.add(dnnl::reorder(pd), {{DNNL_ARG_FROM, on(from, c.data[1])}, {DNNL_ARG_TO, on(to, c.data[0])}});
}

void transpose(const Case &c) {  // sizes: n, rows, columns
    int64_t n = c.sizes[0], r = c.sizes[1], k = c.sizes[2];
    reorder(c, desc({n, r, k}, {r * k, k, 1}), desc({n, r, k}, {r * k, 1, r}));
}

void channels_copy(const Case &c) {  // sizes: rows, count, dstPitch, srcPitch
    Dims dims = {c.sizes[0], c.sizes[1]};
    reorder(c, desc(dims, {c.sizes[3], 1}), desc(dims, {c.sizes[2], 1}));
}

void column_sum(const Case &c) {  // sizes: rows, columns
    memory::desc d = matrix(c.sizes[0], c.sizes[1]), sum = matrix(1, c.sizes[1]);
    dnnl::reduction::primitive_desc pd(engine(), algorithm::reduction_sum, d, sum, 0, 0);
    c.peer.add(dnnl::reduction(pd), {{DNNL_ARG_SRC, on(d, c.data[1])}, {DNNL_ARG_DST, on(sum, c.data[0])}});
}

// Attention as products and a softmax: sizes N, tokens, heads, head size; q, k and v lie side by side.
struct Attention {
    const Case &c;
    int64_t n, t, h, s;
    memory::desc wide, output, scores;

    explicit Attention(const Case &c)
        : c(c), n(c.sizes[0]), t(c.sizes[1]), h(c.sizes[2]), s(c.sizes[3]),
          wide({n, h, t, s}, memory::data_type::f32, Dims{t * 3 * h * s, s, 3 * h * s, 1}),
          output({n, h, t, s}, memory::data_type::f32, Dims{t * h * s, s, h * s, 1}),
          scores({n, h, t, t}, memory::data_type::f32, Dims{h * t * t, t * t, t, 1}) {}

    float *part(float *base, int i) const { return base + i * h * s; }

    void product(const memory::desc &a, float *x, bool transA, const memory::desc &b, float *y, bool transB,
            const memory::desc &d, const memory &dst, float alpha) const {
        memory::desc left = transA ? a.permute_axes({0, 1, 3, 2}) : a, right = transB ? b.permute_axes({0, 1, 3, 2}) : b;
        dnnl::primitive_attr attr;
        if (alpha != 1) {
            dnnl::post_ops ops;
            ops.append_eltwise(algorithm::eltwise_linear, alpha, 0);
            attr.set_post_ops(ops);
        }
        dnnl::matmul::primitive_desc pd(engine(), left, right, d, attr);
        c.peer.add(dnnl::matmul(pd), {{DNNL_ARG_SRC, on(left, x)}, {DNNL_ARG_WEIGHTS, on(right, y)}, {DNNL_ARG_DST, dst}});
    }

    float scale() const { return 1 / __builtin_sqrtf((float)s); }

    void forward() const {
        float *q = c.data[1];
        memory p = fresh(scores);
        product(wide, q, false, wide, part(q, 1), true, scores, p, scale());
        dnnl::softmax_forward::primitive_desc pd(
                engine(), prop_kind::forward_inference, algorithm::softmax_accurate, scores, scores, 3);
        c.peer.add(dnnl::softmax_forward(pd), {{DNNL_ARG_SRC, p}, {DNNL_ARG_DST, p}});
        product(scores, (float *)p.get_data_handle(), false, wide, part(q, 2), false, output, on(output, c.data[0]), 1);
    }

    // data: diffSrc, diffDst, src, probabilities
    void backward() const {
        float *dq = c.data[0], *q = c.data[2], *p = c.data[3];
        memory d = fresh(scores), probabilities = on(scores, p);
        float *g = (float *)d.get_data_handle();
        product(scores, p, true, output, c.data[1], false, wide, on(wide, part(dq, 2)), 1);
        product(output, c.data[1], false, wide, part(q, 2), true, scores, d, 1);
        dnnl::softmax_forward::primitive_desc hint(
                engine(), prop_kind::forward_training, algorithm::softmax_accurate, scores, scores, 3);
        dnnl::softmax_backward::primitive_desc pd(engine(), algorithm::softmax_accurate, scores, scores, scores, 3, hint);
        c.peer.add(dnnl::softmax_backward(pd), {{DNNL_ARG_DST, probabilities}, {DNNL_ARG_DIFF_DST, d}, {DNNL_ARG_DIFF_SRC, d}});
        product(scores, g, false, wide, part(q, 1), false, wide, on(wide, dq), scale());
        product(scores, g, true, wide, q, false, wide, on(wide, part(dq, 1)), scale());
    }
};

// The names are those of dev.taxon.device.cpu.OneDnn.
void make(const std::string &work, const Case &c) {
    if (work == "batch_norm_forward") return batch_norm(c, false);
    if (work == "batch_norm_backward") return batch_norm(c, true);
    if (work == "layer_norm_forward") return layer_norm(c, false);
    if (work == "layer_norm_backward") return layer_norm(c, true);
    if (work == "max_pool_forward") return pool(c, algorithm::pooling_max, false);
    if (work == "max_pool_backward") return pool(c, algorithm::pooling_max, true);
    if (work == "avg_pool_forward") return pool(c, algorithm::pooling_avg_include_padding, false);
    if (work == "avg_pool_backward") return pool(c, algorithm::pooling_avg_include_padding, true);
    if (work == "activation_forward") return activation(c, false);
    if (work == "activation_backward") return activation(c, true);
    if (work == "add") return binary(c, algorithm::binary_add, desc({c.sizes[0]}, {1}), desc({c.sizes[0]}, {1}));
    if (work == "channel_scale") return channel_scale(c);
    if (work == "channel_shuffle") return channel_shuffle(c);
    if (work == "transpose") return transpose(c);
    if (work == "channels_copy") return channels_copy(c);
    if (work == "column_sum") return column_sum(c);
    if (work == "attention_forward") return Attention(c).forward();
    if (work == "attention_backward") return Attention(c).backward();
    throw std::invalid_argument("no such work: " + work);
}

thread_local std::string lastError;

template <class Body>
int guarded(const Body &body) {
    try {
        body();
        return 0;
    } catch (const std::exception &e) {
        lastError = e.what();
        return 1;
    }
}

}  // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT const char *taxon_peer_error(void) { return lastError.c_str(); }

EXPORT int taxon_peer_create(taxon_peer **peer, const char *work, const int64_t *sizes, float *const *data) {
    return guarded([&] {
        auto made = std::make_unique<taxon_peer>();
        make(work, {*made, sizes, data});
        *peer = made.release();
    });
}

EXPORT int taxon_peer_run(taxon_peer *peer) {
    return guarded([&] { peer->run(); });
}

EXPORT void taxon_peer_destroy(taxon_peer *peer) { delete peer; }
