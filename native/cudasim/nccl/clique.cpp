#include "clique.h"

#include <chrono>

namespace cudasim::nccl {

namespace {

constexpr auto PATIENCE = std::chrono::seconds(20);  // a rank that never comes would hang a real program
constexpr int LAUNCH_TIMEOUT = 702;                  // CUresult

// Index of a rank that has not come: −1 where all are there.
int missing(const Collective &c) {
    for (size_t i = 0; i < c.parts.size(); i++) {
        if (!c.parts[i].arrived) return static_cast<int>(i);
    }
    return -1;
}

int fail(Clique &clique, Collective &c, const char *function, int rank, const char *why) {
    violation("%s: rank %d %s", function, rank, why);
    c.failed = true;
    clique.changed.notify_all();
    return LAUNCH_TIMEOUT;
}

// Runs on the rank's stream: waits for the others, driving their streams where no other thread does.
int meet(Clique &clique, const std::shared_ptr<Collective> &c, int rank, const char *function) {
    std::unique_lock<std::mutex> lock(clique.mutex);
    c->parts[static_cast<size_t>(rank)].arrived = true;
    if (missing(*c) < 0) {
        perform(*c);
        c->done = true;
        clique.changed.notify_all();
        return 0;
    }
    auto start = std::chrono::steady_clock::now();
    while (!c->done && !c->failed) {
        int other = missing(*c);
        if (other >= 0 && c->parts[static_cast<size_t>(other)].issued) {
            Point point = c->parts[static_cast<size_t>(other)].point;
            if (point.stream->context->error != 0) return fail(clique, *c, function, other, "has a failed device");
            lock.unlock();
            advance(point);
            lock.lock();
        }
        if (c->done || c->failed) break;
        clique.changed.wait_for(lock, std::chrono::milliseconds(1));
        if (std::chrono::steady_clock::now() - start > PATIENCE) return fail(clique, *c, function, other, "never took part");
    }
    return c->failed ? LAUNCH_TIMEOUT : 0;
}

// What is wrong with this part beside those that came before; null where nothing is.
const char *disagreement(const Collective &c, const Request &request, int rank, bool grouped) {
    if (!(c.request == request)) return "ranks ask for different operations, counts, types or roots";
    if (c.parts[static_cast<size_t>(rank)].issued) return "a rank comes twice";
    for (const Part &part : c.parts) {
        if (part.issued && !grouped && part.thread == std::this_thread::get_id()) {
            return "one thread drives several ranks outside ncclGroupStart and ncclGroupEnd";
        }
    }
    return nullptr;
}

}  // namespace

int issue(Communicator &communicator, Request request, const void *send, void *receive, const std::shared_ptr<Stream> &stream,
        bool grouped, const char *function) {
    Clique &clique = *communicator.clique;
    int rank = communicator.rank;
    std::shared_ptr<Collective> collective;
    {
        std::lock_guard<std::mutex> lock(clique.mutex);
        uint64_t sequence = communicator.sequence++;
        auto &slot = clique.pending[sequence];
        if (!slot) slot = std::make_shared<Collective>(Collective{request, std::vector<Part>(static_cast<size_t>(clique.ranks))});
        collective = slot;
        if (const char *wrong = disagreement(*collective, request, rank, grouped)) {
            violation("%s: %s", function, wrong);
            return INVALID_USAGE;
        }
    }
    auto shared = communicator.clique;
    Part part{send, receive, {}, std::this_thread::get_id(), false, grouped, false};
    {
        std::lock_guard<std::mutex> lock(clique.mutex);
        collective->parts[static_cast<size_t>(rank)] = part;
    }
    Point point = enqueue(*stream, {[=] { return meet(*shared, collective, rank, function); }, {}, function});
    std::lock_guard<std::mutex> lock(clique.mutex);
    Part &own = collective->parts[static_cast<size_t>(rank)];
    own.point = point;
    own.issued = true;
    bool all = true;
    for (const Part &each : collective->parts) all = all && each.issued;
    if (all) clique.pending.erase(communicator.sequence - 1);
    clique.changed.notify_all();
    return SUCCESS;
}

}  // namespace cudasim::nccl
