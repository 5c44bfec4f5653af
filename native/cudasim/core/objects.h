// Every live handle: a function that gets one that is not live (destroyed, or of another kind) refuses it, and what is
// left at the end is a leak.
#pragma once
#include <string>

#include "control.h"

namespace cudasim {

enum class Kind {
    CONTEXT,
    MEMORY,
    PINNED,
    STREAM,
    EVENT,
    MODULE,
    PROGRAM,
    CUBLAS,
    CUDNN,
    TENSOR,
    FILTER,
    CONVOLUTION,
    POOLING,
    ACTIVATION,
    OP_TENSOR,
    REDUCE_TENSOR,
    DROPOUT,
    COMMUNICATOR,
    COUNT
};

CUDASIM_SHARED void own(Kind, const void *object);
CUDASIM_SHARED bool owns(Kind, const void *object);
// False, and a violation, where the object is not live.
CUDASIM_SHARED bool disown(Kind, const void *object, const char *function);
// As owns, with a violation where it does not.
CUDASIM_SHARED bool valid(Kind, const void *object, const char *function);
// An object that went down with its context without being freed.
void abandon(Kind, const void *object);

int64_t objectsLeft();
std::string objectsReport();
// Leaks so far are forgotten; the handles stay valid.
void forgetObjects();

}  // namespace cudasim
