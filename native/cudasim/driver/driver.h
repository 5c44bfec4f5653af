// What every driver function begins with.
#pragma once
#include "../core/context.h"
#include "../core/control.h"
#include "../core/memory.h"
#include "../core/objects.h"
#include "../core/status.h"

namespace cudasim {

bool initialized();

}

// A call that needs a working context on this thread.
#define CUDASIM_DRIVER()                                         \
    CUDASIM_CALL();                                              \
    if (!cudasim::initialized()) return cudasim::driver::NOT_INITIALIZED; \
    if (int failed_ = cudasim::contextError()) return failed_

using DevicePointer = unsigned long long;
