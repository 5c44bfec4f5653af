// Ranks that sum together: threads of this process, each with a device of its own.
#pragma once
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "../core/context.h"
#include "../core/memory.h"
#include "../core/objects.h"
#include "../dense/scalar.h"

namespace cudasim::nccl {

// ncclResult_t
enum { SUCCESS = 0, UNHANDLED_CUDA_ERROR = 1, SYSTEM_ERROR = 2, INVALID_ARGUMENT = 4, INVALID_USAGE = 5, REMOTE_ERROR = 6 };

enum class Kind { ALL_REDUCE, BROADCAST, REDUCE, ALL_GATHER, REDUCE_SCATTER };

// What all ranks must ask for alike.
struct Request {
    Kind kind;
    size_t count;
    Scalar type;
    int operation;
    int root;
    bool operator==(const Request &) const = default;
};

struct Part {
    const void *send = nullptr;
    void *receive = nullptr;
    Point point;
    std::thread::id thread;
    bool issued = false;
    bool grouped = false;
    bool arrived = false;
};

// One collective operation of all ranks.
struct Collective {
    Request request;
    std::vector<Part> parts;  // by rank
    bool done = false;
    bool failed = false;
};

struct Clique {
    explicit Clique(int ranks) : ranks(ranks) {}
    const int ranks;
    std::mutex mutex;
    std::condition_variable changed;
    int joined = 0;
    std::map<uint64_t, std::shared_ptr<Collective>> pending;  // by sequence number
};

struct Communicator {
    std::shared_ptr<Clique> clique;
    int rank;
    Context *context;
    uint64_t sequence = 0;
};

// Gives this rank's part to its stream.
int issue(Communicator &, Request, const void *send, void *receive, const std::shared_ptr<Stream> &, bool grouped,
        const char *function);
// The sum (or what is asked for) of all parts.
void perform(const Collective &);

}  // namespace cudasim::nccl
