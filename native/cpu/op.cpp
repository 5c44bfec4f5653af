#include "op.h"

#include <algorithm>

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

dnnl::primitive_attr attributes(int flags) {
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    dnnl::post_ops ops;
    if (flags & TAXON_SUM) ops.append_sum(1.f);
    if (flags & TAXON_RELU) ops.append_eltwise(dnnl::algorithm::eltwise_relu, 0.f, 0.f);
    if (flags & TAXON_TANH) ops.append_eltwise(dnnl::algorithm::eltwise_tanh, 0.f, 0.f);
    attr.set_post_ops(ops);
    return attr;
}

}  // namespace taxon

extern "C" void taxon_op_destroy(taxon_op *op) { delete op; }

extern "C" const char *taxon_op_implementation(const taxon_op *op) { return op->implementation.c_str(); }

extern "C" int64_t taxon_op_scratch_bytes(const taxon_op *op) { return op->scratchBytes; }

extern "C" int64_t taxon_op_packed_bytes(const taxon_op *op) { return op->packedBytes; }

extern "C" int taxon_op_pack(taxon_op *op, float *packed, const float *weights, void *scratch) {
    return taxon::guard([=] {
        op->pack.bind(0, packed);
        op->pack.bind(1, weights);
        op->pack.bind(2, scratch);
        op->pack.run();
    });
}
