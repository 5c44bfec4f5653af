// Streams whose work waits: nothing runs until the host synchronizes or other work that is being run depends on it. A
// real GPU may be that late, so a program that forgets a dependency reads poison here, every time.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "control.h"

namespace cudasim {

class Context;
class Stream;

// Everything that a stream was given up to a moment.
struct Point {
    std::shared_ptr<Stream> stream;
    uint64_t ticket = 0;
};

// One piece of work on a stream; run answers a CUresult.
struct Work {
    std::function<int()> run;
    std::vector<Point> after;
    const char *function = "";
};

class CUDASIM_SHARED Stream : public std::enable_shared_from_this<Stream> {
public:
    Stream(Context *context, bool blocking) : context(context), blocking(blocking) {}
    Context *const context;
    const bool blocking;  // ordered with the legacy stream

    // Below: guarded by the scheduler's mutex.
    std::deque<Work> pending;
    uint64_t issued = 0;
    uint64_t done = 0;
    bool busy = false;
};

using Clock = std::chrono::steady_clock;

// An event: where it was last recorded, and when the work before it ended.
struct Event {
    Context *context = nullptr;
    bool timed = true;
    bool recorded = false;
    Point point;
    std::shared_ptr<Clock::time_point> time;
};

// The stream that a handle names for the current context (null: the legacy stream), or null with a violation.
CUDASIM_SHARED std::shared_ptr<Stream> streamOf(void *handle, const char *function);

CUDASIM_SHARED Point enqueue(Stream &, Work);
// Runs what the point stands for and what that depends on; answers the context's error.
CUDASIM_SHARED int reach(const Point &);
// As reach, but returns when someone else is running the stream.
CUDASIM_SHARED void advance(const Point &);
CUDASIM_SHARED bool reached(const Point &);
Point tail(Stream &);
int synchronize(Context &);
void dropStream(const std::shared_ptr<Stream> &);
std::mutex &schedulerMutex();

}  // namespace cudasim
