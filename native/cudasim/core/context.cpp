#include "context.h"

#include <vector>

#include "memory.h"
#include "objects.h"

namespace cudasim {

using namespace driver;

namespace {

thread_local Context *threadContext = nullptr;

struct Contexts {
    std::mutex mutex;
    std::set<Context *> live;
    std::set<std::pair<int, int>> lost;  // device, status
};

Contexts &contexts() {
    static Contexts *only = new Contexts;
    return *only;
}

}  // namespace

Context::Context(int device) : device(device), legacy(std::make_shared<Stream>(this, true)) {}

Context *current() { return threadContext; }

void makeCurrent(Context *context) { threadContext = context; }

Context *createContext(int device) {
    auto *context = new Context(device);
    own(Kind::CONTEXT, context);
    std::lock_guard<std::mutex> lock(contexts().mutex);
    contexts().live.insert(context);
    for (auto &entry : contexts().lost) {
        if (entry.first == device) context->error = entry.second;
    }
    return context;
}

void destroyContext(Context *context) {
    synchronize(*context);
    std::set<std::shared_ptr<Stream>> streams;
    {
        std::lock_guard<std::mutex> lock(context->mutex);
        streams.swap(context->streams);
    }
    for (auto &stream : streams) {
        abandon(Kind::STREAM, stream.get());
        dropStream(stream);
    }
    dropBlocks(context);
    {
        std::lock_guard<std::mutex> lock(contexts().mutex);
        contexts().live.erase(context);
    }
    if (threadContext == context) threadContext = nullptr;
    // The object itself stays: another thread may still hold it as current, and must be told so, not crash.
    context->error = INVALID_CONTEXT;
}

int contextError() {
    if (threadContext == nullptr) {
        violation("a call that needs a context on a thread without one");
        return INVALID_CONTEXT;
    }
    return threadContext->error.load(std::memory_order_relaxed);
}

int lostStatus(int device) {
    std::lock_guard<std::mutex> lock(contexts().mutex);
    for (auto &entry : contexts().lost) {
        if (entry.first == device) return entry.second;
    }
    return 0;
}

void loseDevice(int device, int status) {
    std::lock_guard<std::mutex> lock(contexts().mutex);
    std::set<std::pair<int, int>> kept;
    for (auto &entry : contexts().lost) {
        if (entry.first != device) kept.insert(entry);
    }
    contexts().lost = kept;
    if (status == 0) return;
    contexts().lost.insert({device, status});
    for (Context *context : contexts().live) {
        if (context->device == device) context->error = status;
    }
}

}  // namespace cudasim

// status 0 gives the device back (to contexts made from now on).
CUDASIM_API void cudasim_lose_device(int device, int status) { cudasim::loseDevice(device, status); }
