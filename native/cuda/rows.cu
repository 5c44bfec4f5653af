// Moving and adding parts of rows. In NCHW a slice or a concatenation of channels, a slice of tokens, and a token
// before others are rows of one pitch copied to rows of another. Every kernel: rows grid, bound by memory.
#include "kernel.cuh"

// A srcPitch of 0 copies the same row to each.
extern "C" __global__ void rows_copy(
        float *dst, const float *src, Index rows, Index count, Index dstPitch, Index srcPitch) {
    Index row = ROW;
    if (row >= rows) return;
    COLUMNS(i, count) dst[row * dstPitch + i] = src[row * srcPitch + i];
}

extern "C" __global__ void rows_add(float *dst, const float *a, const float *b, Index rows, Index count,
        Index dstPitch, Index aPitch, Index bPitch) {
    Index row = ROW;
    if (row >= rows) return;
    COLUMNS(i, count) dst[row * dstPitch + i] = a[row * aPitch + i] + b[row * bPitch + i];
}

extern "C" __global__ void rows_zero(float *dst, Index rows, Index count, Index pitch) {
    Index row = ROW;
    if (row >= rows) return;
    COLUMNS(i, count) dst[row * pitch + i] = 0.f;
}

// dst (n · channels, pixels): channel k of group g becomes channel k · groups + g. A row is a channel of the result.
extern "C" __global__ void channel_shuffle(
        float *dst, const float *src, Index rows, Index pixels, int channels, int groups) {
    Index row = ROW;
    if (row >= rows) return;
    Index sample = row / channels;
    int to = (int)(row % channels), from = to % groups * (channels / groups) + to / groups;
    const float *x = src + (sample * channels + from) * pixels;
    COLUMNS(i, pixels) dst[row * pixels + i] = x[i];
}

// dst (n · outC, outH · outW), src (n · inC, inH · inW): every stride-th row and column, before channels of zeros
// first.
extern "C" __global__ void shortcut_a_forward(float *dst, const float *src, Index rows, int inC, int outC, int inH,
        int inW, int outH, int outW, int stride) {
    Index row = ROW;
    if (row >= rows) return;
    Index sample = row / outC;
    int c = (int)(row % outC) - (outC - inC) / 2;
    const float *x = src + (sample * inC + c) * inH * inW;
    float *y = dst + row * outH * outW;
    COLUMNS(i, outH * outW) {
        int h = (int)i / outW, w = (int)i % outW;
        y[i] = c >= 0 && c < inC ? x[h * stride * inW + w * stride] : 0.f;
    }
}

// A row is a channel of diffSrc (n · inC, inH · inW).
extern "C" __global__ void shortcut_a_backward(float *diffSrc, const float *diffDst, Index rows, int inC, int outC,
        int inH, int inW, int outH, int outW, int stride) {
    Index row = ROW;
    if (row >= rows) return;
    Index sample = row / inC;
    int c = (int)(row % inC) + (outC - inC) / 2;
    const float *dy = diffDst + (sample * outC + c) * outH * outW;
    float *dx = diffSrc + row * inH * inW;
    COLUMNS(i, inH * inW) {
        int h = (int)i / inW, w = (int)i % inW;
        dx[i] = h % stride == 0 && w % stride == 0 ? dy[h / stride * outW + w / stride] : 0.f;
    }
}
