// Runs the host's C++ compiler; results are kept in a folder beside the library, by the hash of all that goes in.
#pragma once
#include <string>
#include <vector>

namespace cudasim {

struct Compiled {
    bool succeeded;
    std::string library;  // path
    std::string log;
};

Compiled compile(const std::string &source, const std::vector<std::string> &options);

}  // namespace cudasim
