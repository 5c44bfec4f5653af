// The arithmetic of collectives: in the order of the ranks, so that a result does not depend on who came first.
#include <cstring>

#include "clique.h"

namespace cudasim::nccl {

namespace {

// ncclRedOp_t
enum { SUM = 0, PRODUCT = 1, MAXIMUM = 2, MINIMUM = 3, AVERAGE = 4 };

template <class T> T joined(int operation, T a, T b) {
    switch (operation) {
        case PRODUCT: return a * b;
        case MAXIMUM: return a < b ? b : a;
        case MINIMUM: return b < a ? b : a;
        default: return a + b;
    }
}

// Element i of all parts, joined.
template <class T> T reduced(const Collective &c, size_t i) {
    T sum = static_cast<const T *>(c.parts[0].send)[i];
    for (size_t rank = 1; rank < c.parts.size(); rank++) {
        sum = joined(c.request.operation, sum, static_cast<const T *>(c.parts[rank].send)[i]);
    }
    return c.request.operation == AVERAGE ? static_cast<T>(sum / static_cast<T>(c.parts.size())) : sum;
}

// The 16-bit types, through float.
float reducedSmall(const Collective &c, size_t i) {
    auto at = static_cast<int64_t>(i);
    float sum = load(c.parts[0].send, c.request.type, at);
    for (size_t rank = 1; rank < c.parts.size(); rank++) {
        sum = joined(c.request.operation, sum, load(c.parts[rank].send, c.request.type, at));
    }
    return c.request.operation == AVERAGE ? sum / static_cast<float>(c.parts.size()) : sum;
}

std::vector<unsigned char> reduceAll(const Collective &c, size_t count) {
    auto size = static_cast<size_t>(bytes(c.request.type));
    std::vector<unsigned char> out(count * size);
    for (size_t i = 0; i < count; i++) {
        auto at = static_cast<int64_t>(i);
        switch (c.request.type) {
            case Scalar::FLOAT: reinterpret_cast<float *>(out.data())[i] = reduced<float>(c, i); break;
            case Scalar::DOUBLE: reinterpret_cast<double *>(out.data())[i] = reduced<double>(c, i); break;
            case Scalar::INT32: reinterpret_cast<int32_t *>(out.data())[i] = reduced<int32_t>(c, i); break;
            case Scalar::INT64: reinterpret_cast<int64_t *>(out.data())[i] = reduced<int64_t>(c, i); break;
            case Scalar::HALF:
            case Scalar::BFLOAT16: store(out.data(), c.request.type, at, reducedSmall(c, i)); break;
        }
    }
    return out;
}

}  // namespace

void perform(const Collective &c) {
    auto size = static_cast<size_t>(bytes(c.request.type));
    size_t length = c.request.count * size, ranks = c.parts.size();
    auto root = static_cast<size_t>(c.request.root);
    if (c.request.kind == Kind::BROADCAST || c.request.kind == Kind::ALL_GATHER) {
        std::vector<unsigned char> all;
        for (size_t rank = 0; rank < ranks; rank++) {
            if (c.request.kind == Kind::BROADCAST && rank != root) continue;
            auto *first = static_cast<const unsigned char *>(c.parts[rank].send);
            all.insert(all.end(), first, first + length);
        }
        for (const Part &part : c.parts) memcpy(part.receive, all.data(), all.size());
        return;
    }
    bool scatter = c.request.kind == Kind::REDUCE_SCATTER;
    std::vector<unsigned char> out = reduceAll(c, scatter ? c.request.count * ranks : c.request.count);
    for (size_t rank = 0; rank < ranks; rank++) {
        if (c.request.kind == Kind::REDUCE && rank != root) continue;
        memcpy(c.parts[rank].receive, out.data() + (scatter ? rank * length : 0), length);
    }
}

}  // namespace cudasim::nccl
