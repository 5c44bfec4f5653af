// Random words as a function of seed, stream and place: Philox4x32-10, the same words as on the CPU. Source: Salmon et
// al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
#pragma once

typedef unsigned long long Word64;

__device__ void philox(unsigned *out, Word64 seed, Word64 stream, Word64 index) {
    unsigned c0 = (unsigned)index, c1 = (unsigned)(index >> 32);
    unsigned c2 = (unsigned)stream, c3 = (unsigned)(stream >> 32);
    unsigned k0 = (unsigned)seed, k1 = (unsigned)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        Word64 p0 = (Word64)0xD2511F53u * c0, p1 = (Word64)0xCD9E8D57u * c2;
        c0 = (unsigned)(p1 >> 32) ^ c1 ^ k0;
        c1 = (unsigned)p1;
        c2 = (unsigned)(p0 >> 32) ^ c3 ^ k1;
        c3 = (unsigned)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

// Uniform in [0, 1): the upper 24 bits.
__device__ float unit(unsigned word) { return (float)(word >> 8) * 5.9604644775390625e-8f; }
