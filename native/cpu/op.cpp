#include "op.h"

#include <algorithm>

#include "activation.h"

namespace taxon {

dnnl::engine &engine() {
    static dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

static dnnl::stream &stream() {
    static dnnl::stream cpu(engine());
    return cpu;
}

Prepared::Prepared(
        const dnnl::primitive &primitive, const std::vector<std::pair<int, dnnl::memory::desc>> &arguments)
    : primitive_(primitive) {
    for (const auto &[argument, desc] : arguments) {
        memories_.emplace_back(desc, engine(), static_cast<void *>(nullptr));
        arguments_.push_back({argument, memories_.back().get()});
    }
}

void Prepared::run() {
    dnnl::error::wrap_c_api(
            dnnl_primitive_execute(primitive_.get(), stream().get(), (int)arguments_.size(), arguments_.data()),
            "could not execute a primitive");
}

Prepared reorder(const dnnl::memory::desc &from, const dnnl::memory::desc &to, bool accumulate, int64_t &scratchBytes) {
    dnnl::primitive_attr attr = attributes(accumulate ? TAXON_SUM : 0);
    dnnl::reorder::primitive_desc pd(engine(), from, engine(), to, attr);
    scratchBytes = std::max(scratchBytes, (int64_t)pd.scratchpad_desc().get_size());
    return Prepared(dnnl::reorder(pd),
            {{DNNL_ARG_DST, to}, {DNNL_ARG_SRC, from}, {DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc()}});
}

static void append_function(dnnl::post_ops &ops, int flags, const double *numbers) {
    using algorithm = dnnl::algorithm;
    switch (flags & ACTIVATIONS) {
        case TAXON_RELU: return ops.append_eltwise(algorithm::eltwise_relu, 0.f, 0.f);
        case TAXON_RELU6: return ops.append_eltwise(algorithm::eltwise_clip, 0.f, 6.f);
        case TAXON_LEAKY_RELU: return ops.append_eltwise(algorithm::eltwise_relu, (float)numbers[0], 0.f);
        case TAXON_TANH: return ops.append_eltwise(algorithm::eltwise_tanh, 0.f, 0.f);
        case TAXON_SIGMOID: return ops.append_eltwise(algorithm::eltwise_logistic, 0.f, 0.f);
        case TAXON_HARD_SIGMOID:
            ops.append_eltwise(
                    algorithm::eltwise_linear, (float)(1 / numbers[1]), (float)(numbers[0] / numbers[1]));
            return ops.append_eltwise(algorithm::eltwise_clip, (float)numbers[2], (float)numbers[3]);
        case TAXON_HARD_SWISH: return ops.append_eltwise(algorithm::eltwise_hardswish, 1.f / 6.f, 0.5f);
        case TAXON_SWISH: return ops.append_eltwise(algorithm::eltwise_swish, 1.f, 0.f);
        case TAXON_GELU: return ops.append_eltwise(algorithm::eltwise_gelu_erf, 0.f, 0.f);
    }
}

dnnl::primitive_attr attributes(int flags, const double *numbers) {
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    dnnl::post_ops ops;
    if (flags & TAXON_SUM) ops.append_sum(1.f);
    append_function(ops, flags, numbers);
    attr.set_post_ops(ops);
    return attr;
}

}  // namespace taxon

void taxon_op::pack_weights(float *packed, const float *weights, void *scratch) {
    pack.bind(0, packed);
    pack.bind(1, weights);
    pack.bind(2, scratch);
    pack.run();
}

extern "C" void taxon_op_destroy(taxon_op *op) { delete op; }

extern "C" const char *taxon_op_implementation(const taxon_op *op) { return op->implementation.c_str(); }

extern "C" int64_t taxon_op_scratch_bytes(const taxon_op *op) { return op->scratchBytes; }

extern "C" int64_t taxon_op_packed_bytes(const taxon_op *op) { return op->packedBytes; }

extern "C" int taxon_op_pack(taxon_op *op, float *packed, const float *weights, void *scratch) {
    return taxon::guard([=] { op->pack_weights(packed, weights, scratch); });
}
