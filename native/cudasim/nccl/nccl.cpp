// NCCL among the threads of one process.
#include <atomic>
#include <cstring>
#include <functional>

#include "clique.h"

using namespace cudasim;
using namespace cudasim::nccl;

struct ncclUniqueId {
    char internal[128];
};

namespace {

thread_local int groupDepth = 0;
thread_local std::vector<std::function<int()>> grouped;  // done at ncclGroupEnd

struct Meetings {
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<Clique>> cliques;  // by unique id
};

Meetings &meetings() {
    static Meetings *only = new Meetings;
    return *only;
}

constexpr auto JOIN_PATIENCE = std::chrono::seconds(20);

std::shared_ptr<Clique> join(const ncclUniqueId &id, int ranks) {
    std::lock_guard<std::mutex> lock(meetings().mutex);
    auto &clique = meetings().cliques[std::string(id.internal, sizeof id.internal)];
    if (!clique) clique = std::make_shared<Clique>(ranks);
    std::lock_guard<std::mutex> own(clique->mutex);
    clique->joined++;
    clique->changed.notify_all();
    return clique;
}

int waitForAll(Clique &clique) {
    std::unique_lock<std::mutex> lock(clique.mutex);
    bool all = clique.changed.wait_for(lock, JOIN_PATIENCE, [&] { return clique.joined >= clique.ranks; });
    if (!all) violation("ncclCommInitRank: %d of %d ranks came", clique.joined, clique.ranks);
    return all ? SUCCESS : SYSTEM_ERROR;
}

Communicator *live(void *handle, const char *function) {
    return valid(cudasim::Kind::COMMUNICATOR, handle, function) ? static_cast<Communicator *>(handle) : nullptr;
}

bool scalarOf(int type, Scalar *scalar) {
    switch (type) {
        case 2: *scalar = Scalar::INT32; return true;
        case 4: *scalar = Scalar::INT64; return true;
        case 6: *scalar = Scalar::HALF; return true;
        case 7: *scalar = Scalar::FLOAT; return true;
        case 8: *scalar = Scalar::DOUBLE; return true;
        case 9: *scalar = Scalar::BFLOAT16; return true;
        default: return false;
    }
}

// Elements that a rank sends and receives, in counts of the call.
struct Lengths {
    size_t send, receive;
};

int collective(void *handle, nccl::Kind kind, const void *send, void *receive, size_t count, int type, int operation, int root,
        void *streamHandle, const char *function) {
    Communicator *communicator = live(handle, function);
    if (communicator == nullptr) return INVALID_ARGUMENT;
    if (communicator->context != current()) {
        violation("%s: the communicator belongs to another context than the thread's", function);
        return INVALID_USAGE;
    }
    if (current()->error != 0) return UNHANDLED_CUDA_ERROR;
    Scalar scalar;
    int ranks = communicator->clique->ranks;
    if (!scalarOf(type, &scalar) || operation < 0 || operation > 4 || root < 0 || root >= ranks) return INVALID_ARGUMENT;
    auto all = static_cast<size_t>(ranks);
    Lengths lengths{kind == nccl::Kind::REDUCE_SCATTER ? all : 1, kind == nccl::Kind::ALL_GATHER ? all : 1};
    auto size = static_cast<size_t>(bytes(scalar));
    bool sends = kind != nccl::Kind::BROADCAST || communicator->rank == root;
    bool receives = kind != nccl::Kind::REDUCE || communicator->rank == root;
    if ((sends && count > 0 && !inside(send, count * size * lengths.send, size, function, "the send buffer"))
            || (receives && count > 0 && !inside(receive, count * size * lengths.receive, size, function, "the receive buffer"))) {
        return INVALID_ARGUMENT;
    }
    auto stream = streamOf(streamHandle, function);
    if (!stream) return INVALID_ARGUMENT;
    Request request{kind, count, scalar, operation, root};
    bool inGroup = groupDepth > 0;
    auto give = [=] { return issue(*communicator, request, send, receive, stream, inGroup, function); };
    if (!inGroup) return give();
    grouped.push_back(give);
    return SUCCESS;
}

}  // namespace

CUDASIM_API int ncclGetVersion(int *version) {
    CUDASIM_CALL();
    *version = 22304;
    return SUCCESS;
}

CUDASIM_API const char *ncclGetErrorString(int status) {
    switch (status) {
        case SUCCESS: return "no error";
        case UNHANDLED_CUDA_ERROR: return "unhandled cuda error (run with NCCL_DEBUG=INFO for details)";
        case SYSTEM_ERROR: return "unhandled system error (run with NCCL_DEBUG=INFO for details)";
        case 3: return "internal error - please report this issue to the NCCL developers";
        case INVALID_ARGUMENT: return "invalid argument (run with NCCL_DEBUG=WARN for details)";
        case INVALID_USAGE: return "invalid usage (run with NCCL_DEBUG=WARN for details)";
        case REMOTE_ERROR: return "remote process exited or there was a network error";
        case 7: return "NCCL operation in progress";
        default: return "unknown result code";
    }
}

CUDASIM_API const char *ncclGetLastError(void *) { return ""; }

CUDASIM_API int ncclGetUniqueId(ncclUniqueId *id) {
    CUDASIM_CALL();
    static std::atomic<uint64_t> next{1};
    if (id == nullptr) return INVALID_ARGUMENT;
    memset(id, 0, sizeof *id);
    uint64_t number = next++;
    memcpy(id->internal, &number, sizeof number);
    return SUCCESS;
}

CUDASIM_API int ncclGroupStart() {
    CUDASIM_CALL();
    groupDepth++;
    return SUCCESS;
}

CUDASIM_API int ncclGroupEnd() {
    CUDASIM_CALL();
    if (groupDepth == 0) return INVALID_USAGE;
    if (--groupDepth > 0) return SUCCESS;
    std::vector<std::function<int()>> works;
    works.swap(grouped);
    for (auto &work : works) {
        if (int status = work()) return status;
    }
    return SUCCESS;
}

CUDASIM_API int ncclCommInitRank(void **communicator, int ranks, ncclUniqueId id, int rank) {
    CUDASIM_CALL();
    if (communicator == nullptr || ranks < 1 || rank < 0 || rank >= ranks) return INVALID_ARGUMENT;
    if (contextError() != 0) return UNHANDLED_CUDA_ERROR;
    auto clique = join(id, ranks);
    if (clique->ranks != ranks) return INVALID_ARGUMENT;
    auto *fresh = new Communicator{clique, rank, current()};
    own(cudasim::Kind::COMMUNICATOR, fresh);
    *communicator = fresh;
    if (groupDepth == 0) return waitForAll(*clique);
    grouped.push_back([clique] { return waitForAll(*clique); });
    return SUCCESS;
}

// The device's primary contexts must be retained: as the CUDA runtime, which real NCCL uses, picks them.
CUDASIM_API int cuDevicePrimaryCtxRetain(Context **, int);
CUDASIM_API int cuDevicePrimaryCtxRelease_v2(int);

CUDASIM_API int ncclCommInitAll(void **communicators, int count, const int *devices) {
    CUDASIM_CALL();
    if (communicators == nullptr || count < 1) return INVALID_ARGUMENT;
    auto clique = std::make_shared<Clique>(count);
    clique->joined = count;
    for (int i = 0; i < count; i++) {
        int device = devices ? devices[i] : i;
        Context *context = nullptr;
        if (cuDevicePrimaryCtxRetain(&context, device) != 0) return INVALID_ARGUMENT;
        cuDevicePrimaryCtxRelease_v2(device);  // it lives while the program retains it itself
        auto *fresh = new Communicator{clique, i, context};
        own(cudasim::Kind::COMMUNICATOR, fresh);
        communicators[i] = fresh;
    }
    return SUCCESS;
}

CUDASIM_API int ncclCommDestroy(void *communicator) {
    CUDASIM_CALL();
    if (!disown(cudasim::Kind::COMMUNICATOR, communicator, __func__)) return INVALID_ARGUMENT;
    delete static_cast<Communicator *>(communicator);
    return SUCCESS;
}

CUDASIM_API int ncclCommAbort(void *communicator) { return ncclCommDestroy(communicator); }

CUDASIM_API int ncclCommFinalize(void *communicator) {
    CUDASIM_CALL();
    return live(communicator, __func__) ? SUCCESS : INVALID_ARGUMENT;
}

CUDASIM_API int ncclCommCount(void *communicator, int *count) {
    CUDASIM_CALL();
    if (live(communicator, __func__) == nullptr) return INVALID_ARGUMENT;
    *count = static_cast<Communicator *>(communicator)->clique->ranks;
    return SUCCESS;
}

CUDASIM_API int ncclCommUserRank(void *communicator, int *rank) {
    CUDASIM_CALL();
    if (live(communicator, __func__) == nullptr) return INVALID_ARGUMENT;
    *rank = static_cast<Communicator *>(communicator)->rank;
    return SUCCESS;
}

CUDASIM_API int ncclCommCuDevice(void *communicator, int *device) {
    CUDASIM_CALL();
    if (live(communicator, __func__) == nullptr) return INVALID_ARGUMENT;
    *device = static_cast<Communicator *>(communicator)->context->device;
    return SUCCESS;
}

CUDASIM_API int ncclCommGetAsyncError(void *communicator, int *status) {
    CUDASIM_CALL();
    if (live(communicator, __func__) == nullptr) return INVALID_ARGUMENT;
    *status = static_cast<Communicator *>(communicator)->context->error ? UNHANDLED_CUDA_ERROR : SUCCESS;
    return SUCCESS;
}

CUDASIM_API int ncclAllReduce(
        const void *send, void *receive, size_t count, int type, int operation, void *communicator, void *stream) {
    CUDASIM_CALL();
    return collective(communicator, nccl::Kind::ALL_REDUCE, send, receive, count, type, operation, 0, stream, __func__);
}

CUDASIM_API int ncclBroadcast(
        const void *send, void *receive, size_t count, int type, int root, void *communicator, void *stream) {
    CUDASIM_CALL();
    return collective(communicator, nccl::Kind::BROADCAST, send, receive, count, type, 0, root, stream, __func__);
}

CUDASIM_API int ncclReduce(const void *send, void *receive, size_t count, int type, int operation, int root,
        void *communicator, void *stream) {
    CUDASIM_CALL();
    return collective(communicator, nccl::Kind::REDUCE, send, receive, count, type, operation, root, stream, __func__);
}

CUDASIM_API int ncclAllGather(const void *send, void *receive, size_t count, int type, void *communicator, void *stream) {
    CUDASIM_CALL();
    return collective(communicator, nccl::Kind::ALL_GATHER, send, receive, count, type, 0, 0, stream, __func__);
}

CUDASIM_API int ncclReduceScatter(
        const void *send, void *receive, size_t count, int type, int operation, void *communicator, void *stream) {
    CUDASIM_CALL();
    return collective(communicator, nccl::Kind::REDUCE_SCATTER, send, receive, count, type, operation, 0, stream, __func__);
}
