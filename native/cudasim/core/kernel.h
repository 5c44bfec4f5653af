// What a kernel compiled by the simulated NVRTC tells the simulated driver: plain data, so that neither needs the
// other's headers. simt/simt.h makes it, driver/module.cpp reads it.
#pragma once
namespace cudasim {

struct Parameter {
    unsigned size;
    unsigned pointee;  // alignment of what a pointer points to; 0: not a pointer
};

struct Launch {
    unsigned grid[3];
    unsigned block[3];
    unsigned shared;
    unsigned reverse;  // threads and blocks in falling order
};

struct Kernel {
    const char *name;
    const Parameter *parameters;
    unsigned parameterCount;
    unsigned staticShared;  // of all kernels of the program
    // 0, or a CUresult with a sentence in message.
    int (*run)(const Launch *, void **parameters, char *message, __SIZE_TYPE__ messageBytes);
};

}  // namespace cudasim
