// CUDA C++ as a host compiler takes it.
#pragma once
#include <string>
#include <vector>

namespace cudasim {

struct HostSource {
    std::string text;                  // the program, dynamic shared memory declared as a pointer
    std::vector<std::string> kernels;  // names of extern "C" __global__ functions
    bool synchronizes;                 // threads must be fibers
};

HostSource hostSource(const std::string &cuda);

}  // namespace cudasim
