// Batch normalization on dense arrays.
#pragma once
#include "tensor.h"

namespace cudasim::cudnn {

// cudnnBatchNormMode_t
enum { PER_ACTIVATION = 0, SPATIAL = 1, SPATIAL_PERSISTENT = 2 };

// Which statistic an element of x belongs to: one a channel (SPATIAL) or one a position of an image.
struct Statistics {
    size_t count;   // of statistics
    size_t points;  // elements of x in a row that share one
    size_t of(size_t element) const { return element / points % count; }
    double samples(const Dense &x) const { return static_cast<double>(x.size()) / static_cast<double>(count); }
};

Statistics statisticsOf(const Tensor &x, int mode);
// True where the descriptor is that of scale, bias, mean and variance for x: (1, C, 1, 1) or (1, C, H, W).
bool matches(const Tensor &parameters, const Tensor &x, int mode);

struct Moments {
    std::vector<double> mean;
    std::vector<double> variance;  // biased
};

Moments moments(const Statistics &, const Dense &x);
// (x − mean) · factor · scale + bias
Dense normalized(const Statistics &, const Dense &x, const std::vector<double> &mean, const std::vector<double> &factor,
        const Dense &scale, const Dense &bias);

struct NormSlopes {
    Dense dx;
    Dense dScale;
    Dense dBias;
};

NormSlopes normSlopes(const Statistics &, const Dense &x, const Dense &dy, const Dense &scale,
        const std::vector<double> &mean, const std::vector<double> &factor);

}  // namespace cudasim::cudnn
