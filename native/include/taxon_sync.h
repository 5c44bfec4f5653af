// The part of the CPU library's C ABI for one of several processes: see taxon.h, and native/cpu/sync_batch_norm.cpp.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

// A batch norm over several processes. sums (2, channels): Σ x and Σ x² of this process; scratch as for taxon_batch_norm_forward.
int taxon_sync_batch_norm_sums(double *sums, const float *src, void *scratch, int64_t rows, int64_t channels);
// mean and var (biased) of all processes from their summed sums and count of rows; running ones move towards them.
int taxon_sync_batch_norm_statistics(float *mean, float *var, float *runningMean, float *runningVar, const double *sums,
        double count, int64_t channels, double momentum);
// Behind taxon_batch_norm_backward with TAXON_RUNNING, which gave diffSrc, ownWeight and ownBias. sums (2, channels): Σ g and Σ g·x̂
// of all processes. diffSrc, diffWeight and diffBias may be null.
int taxon_sync_batch_norm_backward(float *diffSrc, float *diffWeight, float *diffBias, const float *src, const float *weight,
        const float *mean, const float *invStd, const float *ownWeight, const float *ownBias, const double *sums, double count,
        int accumulate, int64_t rows, int64_t channels);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
