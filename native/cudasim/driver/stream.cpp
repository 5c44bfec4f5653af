// Streams and events. Nothing runs until it must (core/stream.h).
#include "driver.h"

using namespace cudasim;
using namespace cudasim::driver;

static int create(void **handle, unsigned flags) {
    if (flags > 1) return INVALID_VALUE;
    auto stream = std::make_shared<Stream>(current(), flags == 0);  // 1: CU_STREAM_NON_BLOCKING
    own(Kind::STREAM, stream.get());
    std::lock_guard<std::mutex> lock(current()->mutex);
    current()->streams.insert(stream);
    *handle = stream.get();
    return SUCCESS;
}

CUDASIM_API int cuStreamCreate(void **handle, unsigned flags) {
    CUDASIM_DRIVER();
    return create(handle, flags);
}

CUDASIM_API int cuStreamCreateWithPriority(void **handle, unsigned flags, int) {
    CUDASIM_DRIVER();
    return create(handle, flags);
}

CUDASIM_API int cuStreamDestroy_v2(void *handle) {
    CUDASIM_DRIVER();
    auto stream = streamOf(handle, __func__);
    if (!stream || stream == current()->legacy) return INVALID_HANDLE;
    dropStream(stream);
    disown(Kind::STREAM, handle, __func__);
    std::lock_guard<std::mutex> lock(current()->mutex);
    current()->streams.erase(stream);
    return SUCCESS;
}

CUDASIM_API int cuStreamSynchronize(void *handle) {
    CUDASIM_DRIVER();
    auto stream = streamOf(handle, __func__);
    return stream ? reach(tail(*stream)) : INVALID_HANDLE;
}

// The first question finds pending work not ready, and runs it, so that a loop of questions ends.
CUDASIM_API int cuStreamQuery(void *handle) {
    CUDASIM_DRIVER();
    auto stream = streamOf(handle, __func__);
    if (!stream) return INVALID_HANDLE;
    Point point = tail(*stream);
    if (reached(point)) return SUCCESS;
    int failed = reach(point);
    return failed ? failed : NOT_READY;
}

CUDASIM_API int cuStreamGetFlags(void *handle, unsigned *flags) {
    CUDASIM_DRIVER();
    auto stream = streamOf(handle, __func__);
    if (!stream) return INVALID_HANDLE;
    *flags = stream->blocking ? 0 : 1;
    return SUCCESS;
}

CUDASIM_API int cuStreamGetCtx(void *handle, Context **context) {
    CUDASIM_DRIVER();
    auto stream = streamOf(handle, __func__);
    if (!stream) return INVALID_HANDLE;
    *context = stream->context;
    return SUCCESS;
}

CUDASIM_API int cuLaunchHostFunc(void *handle, void (*function)(void *), void *argument) {
    CUDASIM_DRIVER();
    auto stream = streamOf(handle, __func__);
    if (!stream) return INVALID_HANDLE;
    auto run = [=] {
        function(argument);
        return SUCCESS;
    };
    enqueue(*stream, {run, {}, __func__});
    return SUCCESS;
}

static Event *eventOf(void *handle, const char *function) {
    return valid(Kind::EVENT, handle, function) ? static_cast<Event *>(handle) : nullptr;
}

CUDASIM_API int cuEventCreate(Event **handle, unsigned flags) {
    CUDASIM_DRIVER();
    auto *event = new Event;
    event->context = current();
    event->timed = (flags & 2) == 0;  // CU_EVENT_DISABLE_TIMING
    own(Kind::EVENT, event);
    *handle = event;
    return SUCCESS;
}

CUDASIM_API int cuEventDestroy_v2(void *handle) {
    CUDASIM_DRIVER();
    if (!disown(Kind::EVENT, handle, __func__)) return INVALID_HANDLE;
    delete static_cast<Event *>(handle);
    return SUCCESS;
}

static int record(void *handle, void *streamHandle, const char *function) {
    Event *event = eventOf(handle, function);
    auto stream = streamOf(streamHandle, function);
    if (event == nullptr || !stream) return INVALID_HANDLE;
    if (event->context != current()) {
        violation("%s: the event belongs to another context than the stream", function);
        return INVALID_HANDLE;
    }
    auto time = std::make_shared<Clock::time_point>();
    event->time = time;
    event->recorded = true;
    auto stamp = [time] {
        *time = Clock::now();
        return SUCCESS;
    };
    event->point = enqueue(*stream, {stamp, {}, function});
    return SUCCESS;
}

CUDASIM_API int cuEventRecord(void *event, void *stream) {
    CUDASIM_DRIVER();
    return record(event, stream, __func__);
}

CUDASIM_API int cuEventRecordWithFlags(void *event, void *stream, unsigned) {
    CUDASIM_DRIVER();
    return record(event, stream, __func__);
}

CUDASIM_API int cuEventSynchronize(void *handle) {
    CUDASIM_DRIVER();
    Event *event = eventOf(handle, __func__);
    return event ? reach(event->point) : INVALID_HANDLE;
}

CUDASIM_API int cuEventQuery(void *handle) {
    CUDASIM_DRIVER();
    Event *event = eventOf(handle, __func__);
    if (event == nullptr) return INVALID_HANDLE;
    if (reached(event->point)) return SUCCESS;
    int failed = reach(event->point);
    return failed ? failed : NOT_READY;
}

CUDASIM_API int cuEventElapsedTime(float *milliseconds, void *first, void *last) {
    CUDASIM_DRIVER();
    Event *start = eventOf(first, __func__);
    Event *end = eventOf(last, __func__);
    if (!start || !end || !start->timed || !end->timed || !start->recorded || !end->recorded) return INVALID_HANDLE;
    if (!reached(start->point) || !reached(end->point)) return NOT_READY;
    *milliseconds = std::chrono::duration<float, std::milli>(*end->time - *start->time).count();
    return SUCCESS;
}

CUDASIM_API int cuStreamWaitEvent(void *streamHandle, void *handle, unsigned) {
    CUDASIM_DRIVER();
    Event *event = eventOf(handle, __func__);
    auto stream = streamOf(streamHandle, __func__);
    if (event == nullptr || !stream) return INVALID_HANDLE;
    if (!event->recorded) return SUCCESS;  // as CUDA: an event never recorded is complete
    enqueue(*stream, {[] { return SUCCESS; }, {event->point}, __func__});
    return SUCCESS;
}
