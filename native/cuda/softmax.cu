// The softmax of attention's scores, a row of a matrix at a time.
#include "warp.cuh"

// x ← softmax(scale · x), in place. A warp a row; bound by memory.
extern "C" __global__ void softmax_rows(float *x, Index rows, Index columns, float scale) {
    Index row = ROW;
    if (row >= rows) return;
    float *y = x + row * columns;
    float max = y[0], sum = 0.f;
    LANES(c, columns) max = y[c] > max ? y[c] : max;
    max = warp_max(max);
    LANES(c, columns) sum += expf(scale * (y[c] - max));
    sum = warp_sum(sum);
    LANES(c, columns) y[c] = expf(scale * (y[c] - max)) / sum;  // again: cheaper than to write it twice
}

// diff ← scale · y · (diff − Σ diff · y), in place: the gradient of x. A warp a row; bound by memory.
extern "C" __global__ void softmax_rows_backward(
        float *diff, const float *dst, Index rows, Index columns, float scale) {
    Index row = ROW;
    if (row >= rows) return;
    const float *y = dst + row * columns;
    float *d = diff + row * columns, dot = 0.f;
    LANES(c, columns) dot = fmaf(d[c], y[c], dot);
    dot = warp_sum(dot);
    LANES(c, columns) d[c] = scale * y[c] * (d[c] - dot);
}
