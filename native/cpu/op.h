// A oneDNN primitive, prepared once and executed many times on memory that the caller names.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "status.h"
#include "taxon.h"

namespace taxon {

extern std::atomic<int64_t> liveBytes;

dnnl::engine &engine();

// A primitive with its memory objects; each call only points them at data.
class Prepared {
public:
    Prepared() = default;
    Prepared(const dnnl::primitive &primitive, const std::vector<std::pair<int, dnnl::memory::desc>> &arguments);

    // Data of the i-th argument.
    void bind(int i, const void *data) { memories_[i].set_data_handle(const_cast<void *>(data)); }
    void run();
    explicit operator bool() const { return !arguments_.empty(); }

private:
    dnnl::primitive primitive_;
    std::vector<dnnl::memory> memories_;
    std::vector<dnnl_exec_arg_t> arguments_;
};

// A reorder between two layouts, adding to the destination if asked.
Prepared reorder(const dnnl::memory::desc &from, const dnnl::memory::desc &to, bool accumulate, int64_t &scratchBytes);

// User-mode scratchpad, which the arena plans, and post-ops for the sum and the element-wise function of flags.
dnnl::primitive_attr attributes(int flags = 0, const double *numbers = nullptr);

}  // namespace taxon

struct taxon_op {
    taxon::Prepared primitive;
    taxon::Prepared pack;
    std::string implementation;
    int64_t scratchBytes = 0;
    int64_t packedBytes = 0;
    virtual ~taxon_op() = default;
    // Weights to the layout that the op reads; it has one if packedBytes is positive.
    virtual void pack_weights(float *packed, const float *weights, void *scratch);

    static void *operator new(std::size_t bytes) {
        taxon::liveBytes += (int64_t)bytes;
        return ::operator new(bytes);
    }
    static void operator delete(void *p, std::size_t bytes) {
        taxon::liveBytes -= (int64_t)bytes;
        ::operator delete(p);
    }
};
