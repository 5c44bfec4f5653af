// Numbers as they lie in device memory, read and written as float.
#pragma once
#include <cstdint>
#include <cstring>

namespace cudasim {

enum class Scalar { FLOAT, DOUBLE, HALF, BFLOAT16, INT32, INT64 };

inline int64_t bytes(Scalar type) {
    switch (type) {
        case Scalar::HALF:
        case Scalar::BFLOAT16: return 2;
        case Scalar::FLOAT:
        case Scalar::INT32: return 4;
        default: return 8;
    }
}

inline float halfToFloat(uint16_t bits) {
    _Float16 half;
    memcpy(&half, &bits, sizeof half);
    return static_cast<float>(half);
}

inline uint16_t floatToHalf(float value) {
    auto half = static_cast<_Float16>(value);
    uint16_t bits;
    memcpy(&bits, &half, sizeof bits);
    return bits;
}

inline float bfloatToFloat(uint16_t bits) {
    uint32_t wide = static_cast<uint32_t>(bits) << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

// Round to nearest even; NaN stays NaN.
inline uint16_t floatToBfloat(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (value != value) return static_cast<uint16_t>(bits >> 16 | 0x40);
    return static_cast<uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

inline float load(const void *base, Scalar type, int64_t i) {
    switch (type) {
        case Scalar::FLOAT: return static_cast<const float *>(base)[i];
        case Scalar::DOUBLE: return static_cast<float>(static_cast<const double *>(base)[i]);
        case Scalar::HALF: return halfToFloat(static_cast<const uint16_t *>(base)[i]);
        case Scalar::BFLOAT16: return bfloatToFloat(static_cast<const uint16_t *>(base)[i]);
        case Scalar::INT32: return static_cast<float>(static_cast<const int32_t *>(base)[i]);
        case Scalar::INT64: return static_cast<float>(static_cast<const int64_t *>(base)[i]);
    }
    return 0;
}

inline void store(void *base, Scalar type, int64_t i, float value) {
    switch (type) {
        case Scalar::FLOAT: static_cast<float *>(base)[i] = value; break;
        case Scalar::DOUBLE: static_cast<double *>(base)[i] = value; break;
        case Scalar::HALF: static_cast<uint16_t *>(base)[i] = floatToHalf(value); break;
        case Scalar::BFLOAT16: static_cast<uint16_t *>(base)[i] = floatToBfloat(value); break;
        case Scalar::INT32: static_cast<int32_t *>(base)[i] = static_cast<int32_t>(value); break;
        case Scalar::INT64: static_cast<int64_t *>(base)[i] = static_cast<int64_t>(value); break;
    }
}

}  // namespace cudasim
