// Turns exceptions into the ABI's status and last error.
#pragma once

#include <exception>
#include <string>

namespace taxon {

void set_last_error(const char *what);

template <class Body>
int guard(Body &&body) {
    try {
        body();
        return 0;
    } catch (const std::exception &e) {
        set_last_error(e.what());
        return 1;
    } catch (...) {
        set_last_error("unknown native error");
        return 2;
    }
}

}  // namespace taxon
