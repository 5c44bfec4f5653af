#include "stream.h"

#include <condition_variable>

#include "context.h"
#include "guard.h"
#include "objects.h"

namespace cudasim {

using namespace driver;

namespace {

struct Scheduler {
    std::mutex mutex;
    std::condition_variable changed;
    int64_t pending = 0;  // works of all streams that have not begun
};

Scheduler &scheduler() {
    static Scheduler *only = new Scheduler;
    return *only;
}

using Lock = std::unique_lock<std::mutex>;

// A GPU's queue is finite too: past this many works the host runs the older half.
constexpr size_t LONGEST_QUEUE = 1024;

int perform(Stream &stream, Work &work) {
    if (int failed = stream.context->error) return failed;
    if (int ordered = orderedWorkFault()) return ordered;
    return guarded(work.function, work.run);
}

// Runs works of the stream until the ticket is done; with the lock held, but not while work runs.
void runUntil(Lock &lock, const std::shared_ptr<Stream> &stream, uint64_t ticket, bool patient) {
    while (stream->done < ticket) {
        if (stream->busy) {
            if (!patient) return;
            scheduler().changed.wait(lock);
            continue;
        }
        const Point *unmet = nullptr;
        for (const Point &point : stream->pending.front().after) {
            if (point.stream->done < point.ticket) unmet = &point;
        }
        if (unmet != nullptr) {
            Point before = *unmet;
            runUntil(lock, before.stream, before.ticket, patient);
            if (!patient && before.stream->done < before.ticket) return;
            continue;
        }
        Work work = std::move(stream->pending.front());
        stream->pending.pop_front();
        scheduler().pending--;
        stream->busy = true;
        lock.unlock();
        int status = perform(*stream, work);
        if (status != 0) {
            int none = 0;
            stream->context->error.compare_exchange_strong(none, status);
        }
        lock.lock();
        stream->busy = false;
        stream->done++;
        scheduler().changed.notify_all();
    }
}

}  // namespace

std::mutex &schedulerMutex() { return scheduler().mutex; }

std::shared_ptr<Stream> streamOf(void *handle, const char *function) {
    Context *context = current();
    auto number = reinterpret_cast<uintptr_t>(handle);
    if (number <= 1) return context->legacy;  // null, CU_STREAM_LEGACY
    if (!valid(Kind::STREAM, handle, function)) return nullptr;
    auto stream = static_cast<Stream *>(handle)->shared_from_this();
    if (stream->context != context) {
        violation("%s: the stream belongs to another context than the thread's", function);
        return nullptr;
    }
    return stream;
}

Point enqueue(Stream &stream, Work work) {
    if (setting(Setting::NOOP_KERNELS)) return tail(stream);
    Context &context = *stream.context;
    std::vector<std::shared_ptr<Stream>> others;
    if (&stream == context.legacy.get()) {
        std::lock_guard<std::mutex> guard(context.mutex);
        for (auto &other : context.streams) {
            if (other->blocking) others.push_back(other);
        }
    } else if (stream.blocking) {
        others.push_back(context.legacy);
    }
    Point point;
    {
        Lock lock(scheduler().mutex);
        for (auto &other : others) {
            if (other->done < other->issued) work.after.push_back({other, other->issued});
        }
        stream.pending.push_back(std::move(work));
        scheduler().pending++;
        stream.issued++;
        point = {stream.shared_from_this(), stream.issued};
        if (stream.pending.size() > LONGEST_QUEUE) {
            runUntil(lock, point.stream, point.ticket - LONGEST_QUEUE / 2, true);
        }
    }
    if (setting(Setting::EAGER)) reach(point);
    return point;
}

int reach(const Point &point) {
    if (point.stream == nullptr) return 0;
    Lock lock(scheduler().mutex);
    runUntil(lock, point.stream, point.ticket, true);
    return point.stream->context->error;
}

void advance(const Point &point) {
    Lock lock(scheduler().mutex);
    runUntil(lock, point.stream, point.ticket, false);
}

bool reached(const Point &point) {
    if (point.stream == nullptr) return true;
    Lock lock(scheduler().mutex);
    return point.stream->done >= point.ticket;
}

Point tail(Stream &stream) {
    Lock lock(scheduler().mutex);
    return {stream.shared_from_this(), stream.issued};
}

int synchronize(Context &context) {
    std::vector<Point> points{tail(*context.legacy)};
    {
        std::lock_guard<std::mutex> guard(context.mutex);
        for (auto &stream : context.streams) points.push_back(tail(*stream));
    }
    for (const Point &point : points) reach(point);
    return context.error;
}

void dropStream(const std::shared_ptr<Stream> &stream) {
    reach(tail(*stream));  // as CUDA: work given before is still done
}

}  // namespace cudasim

CUDASIM_API int64_t cudasim_pending() {
    cudasim::Lock lock(cudasim::scheduler().mutex);
    return cudasim::scheduler().pending;
}
