// cudnnStatus_t as of cuDNN 9 (cudnn_graph.h), which numbers otherwise than cuDNN 8.
#pragma once

namespace cudasim::cudnn {

enum {
    SUCCESS = 0,
    NOT_INITIALIZED = 1001,
    BAD_PARAM = 2000,
    BAD_PARAM_NULL_POINTER = 2002,
    BAD_PARAM_MISALIGNED_POINTER = 2003,
    NOT_SUPPORTED = 3000,
    INTERNAL_ERROR = 4000,
    EXECUTION_FAILED = 5000
};

}  // namespace cudasim::cudnn
