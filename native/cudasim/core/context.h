// Simulated devices and their contexts; which context is current on this thread.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <set>

#include "status.h"
#include "stream.h"

namespace cudasim {

class CUDASIM_SHARED Context {
public:
    explicit Context(int device);
    const int device;
    const std::shared_ptr<Stream> legacy;  // the stream that a null handle names
    std::atomic<int> error{0};             // an asynchronous failure stays: every later call gets it
    std::mutex mutex;
    std::set<std::shared_ptr<Stream>> streams;  // all but the legacy one
    std::set<Context *> peers;                  // contexts whose memory this one may use
};

// The context of this thread, or null.
CUDASIM_SHARED Context *current();
void makeCurrent(Context *);

Context *createContext(int device);
// Ends pending work, drops what was not freed (each thing a leak).
void destroyContext(Context *);

// The error of the thread's context: INVALID_CONTEXT without one, the sticky error of a failed one, else SUCCESS.
CUDASIM_SHARED int contextError();

// The device is gone: its contexts answer every call with the status.
void loseDevice(int device, int status);
int lostStatus(int device);

}  // namespace cudasim
