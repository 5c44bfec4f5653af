// What a convolution does to a result on its way out, where that is a sum and limits.
#pragma once

#include <limits>

#include "activation.h"
#include "vec.h"

namespace taxon {

struct Finish {
    static constexpr int FUNCTIONS = TAXON_RELU | TAXON_RELU6 | TAXON_LEAKY_RELU;
    bool sum = false;
    float low = -std::numeric_limits<float>::infinity(), high = std::numeric_limits<float>::infinity(), slope = 1;

    Finish(int flags, const double *numbers) {
        sum = flags & TAXON_SUM;
        if (flags & (TAXON_RELU | TAXON_RELU6)) low = 0;
        if (flags & TAXON_RELU6) high = 6;
        if (flags & TAXON_LEAKY_RELU) slope = (float)numbers[0];
    }
    static bool covers(int flags) { return !(flags & ACTIVATIONS & ~FUNCTIONS); }

    Vec operator()(Vec y) const {
        y = y < splat(0.f) ? y * slope : y;
        return cut(y, low, high);
    }
};

}  // namespace taxon
