// TensorFloat-32: float with a mantissa of 10 bits, rounded to nearest, as tensor cores read their operands.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

namespace cudasim {

inline void toTf32(std::vector<float> &values) {
    for (float &value : values) {
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        if ((bits & 0x7F800000) == 0x7F800000) continue;  // infinite or NaN
        bits = (bits + 0x1000) & 0xFFFFE000;              // nearest, ties away from zero
        memcpy(&value, &bits, sizeof bits);
    }
}

}  // namespace cudasim
