// Version, threads, errors and allocation counters.
#include "op.h"
#include "status.h"
#include "taxon.h"

#include <malloc.h>
#include <omp.h>

namespace taxon {

static thread_local std::string lastError;

void set_last_error(const char *what) { lastError = what; }

std::atomic<int64_t> liveBytes{0};

}  // namespace taxon

static const char *isa_name(dnnl::cpu_isa isa) {
    switch (isa) {
        case dnnl::cpu_isa::avx2: return "AVX2";
        case dnnl::cpu_isa::avx2_vnni: return "AVX2 VNNI";
        case dnnl::cpu_isa::avx2_vnni_2: return "AVX2 VNNI 2";
        case dnnl::cpu_isa::avx512_core: return "AVX-512";
        case dnnl::cpu_isa::avx512_core_vnni: return "AVX-512 VNNI";
        case dnnl::cpu_isa::avx512_core_bf16: return "AVX-512 BF16";
        case dnnl::cpu_isa::avx512_core_fp16: return "AVX-512 FP16";
        case dnnl::cpu_isa::avx512_core_amx: return "AVX-512 AMX";
        case dnnl::cpu_isa::avx512_core_amx_fp16: return "AVX-512 AMX FP16";
        default: return "SSE4.1 or other";
    }
}

extern "C" const char *taxon_last_error(void) { return taxon::lastError.c_str(); }

extern "C" const char *taxon_version(void) {
    static const std::string text = [] {
        const dnnl_version_t *v = dnnl_version();
        return "oneDNN " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch)
                + " (" + isa_name(dnnl::get_effective_cpu_isa()) + ")";
    }();
    return text.c_str();
}

extern "C" int taxon_set_threads(int threads) {
    return taxon::guard([=] { omp_set_num_threads(threads); });
}

extern "C" int64_t taxon_live_bytes(void) { return taxon::liveBytes.load(); }

extern "C" int64_t taxon_malloc_bytes(void) {
    struct mallinfo2 info = mallinfo2();
    return (int64_t)(info.uordblks + info.hblkhd);
}
