// Runs work of a device so that a wild access ends as CUDA_ERROR_ILLEGAL_ADDRESS and not as the end of the process.
#pragma once
#include <functional>

namespace cudasim {

// What the work answers, or ILLEGAL_ADDRESS after a SIGSEGV in it (noted as a violation with the address).
int guarded(const char *function, const std::function<int()> &work);

}  // namespace cudasim
