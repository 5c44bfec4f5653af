// Pooling that cuDNN does not have: dilated windows, windows that hang over the end (ceil_mode), and a maximum whose
// gradient goes to the first of equals. Every kernel: rows grid over planes (n · channels), bound by memory.
#include "kernel.cuh"

// A window operation's numbers, in the order of Kernel2d.
struct Window {
    int kH, kW, strideH, strideW, padH, padW, dilationH, dilationW;
};

#define WINDOW \
    int inH, int inW, int outH, int outW, int kH, int kW, int strideH, int strideW, int padH, int padW, int dilationH, \
            int dilationW
#define WINDOW_OF_ARGUMENTS {kH, kW, strideH, strideW, padH, padW, dilationH, dilationW}

// index (planes, outH · outW), NULL in evaluation: where in its plane each maximum lies, −1 for a window of padding
// alone.
extern "C" __global__ void max_pool_forward(float *dst, int *index, const float *src, Index planes, WINDOW) {
    Index row = ROW;
    if (row >= planes) return;
    Window k = WINDOW_OF_ARGUMENTS;
    const float *x = src + row * inH * inW;
    COLUMNS(i, outH * outW) {
        int h0 = (int)i / outW * k.strideH - k.padH, w0 = (int)i % outW * k.strideW - k.padW, best = -1;
        float largest = -__int_as_float(0x7f800000);  // −∞
        for (int a = 0; a < k.kH; a++) {
            int h = h0 + a * k.dilationH;
            for (int b = 0; b < k.kW; b++) {
                int w = w0 + b * k.dilationW;
                if (h < 0 || h >= inH || w < 0 || w >= inW) continue;
                float v = x[h * inW + w];
                if (best < 0 || v > largest || (v != v && largest == largest)) {
                    largest = v;
                    best = h * inW + w;
                }
            }
        }
        dst[row * outH * outW + i] = largest;
        if (index) index[row * outH * outW + i] = best;
    }
}

// Each element of diffSrc sums the windows that hold it, in order: nothing is added atomically.
extern "C" __global__ void max_pool_backward(float *diffSrc, const float *diffDst, const int *index, Index planes,
        WINDOW) {
    Index row = ROW;
    if (row >= planes) return;
    Window k = WINDOW_OF_ARGUMENTS;
    const float *dy = diffDst + row * outH * outW;
    const int *winner = index + row * outH * outW;
    COLUMNS(i, inH * inW) {
        int h = (int)i / inW, w = (int)i % inW;
        float sum = 0.f;
        for (int a = k.kH - 1; a >= 0; a--) {
            int top = h + k.padH - a * k.dilationH;
            if (top < 0 || top % k.strideH != 0 || top / k.strideH >= outH) continue;
            for (int b = k.kW - 1; b >= 0; b--) {
                int left = w + k.padW - b * k.dilationW;
                if (left < 0 || left % k.strideW != 0 || left / k.strideW >= outW) continue;
                int o = top / k.strideH * outW + left / k.strideW;
                if (winner[o] == i) sum += dy[o];
            }
        }
        diffSrc[row * inH * inW + i] = sum;
    }
}

// What the sum of a window is divided by: its extent inside the padded input, or inside the input.
__device__ float divisor(int h0, int w0, Window k, int inH, int inW, int includePad) {
    int h1 = min(h0 + k.kH, inH + k.padH), w1 = min(w0 + k.kW, inW + k.padW);
    if (!includePad) {
        h0 = max(h0, 0);
        w0 = max(w0, 0);
        h1 = min(h1, inH);
        w1 = min(w1, inW);
    }
    return (float)((h1 - h0) * (w1 - w0));
}

extern "C" __global__ void avg_pool_forward(float *dst, const float *src, Index planes, int includePad, WINDOW) {
    Index row = ROW;
    if (row >= planes) return;
    Window k = WINDOW_OF_ARGUMENTS;
    const float *x = src + row * inH * inW;
    COLUMNS(i, outH * outW) {
        int h0 = (int)i / outW * k.strideH - k.padH, w0 = (int)i % outW * k.strideW - k.padW;
        float sum = 0.f;
        for (int h = max(h0, 0); h < min(h0 + k.kH, inH); h++) {
            for (int w = max(w0, 0); w < min(w0 + k.kW, inW); w++) sum += x[h * inW + w];
        }
        dst[row * outH * outW + i] = sum / divisor(h0, w0, k, inH, inW, includePad);
    }
}

extern "C" __global__ void avg_pool_backward(float *diffSrc, const float *diffDst, Index planes,
        int includePad, WINDOW) {
    Index row = ROW;
    if (row >= planes) return;
    Window k = WINDOW_OF_ARGUMENTS;
    const float *dy = diffDst + row * outH * outW;
    COLUMNS(i, inH * inW) {
        int h = (int)i / inW + k.padH, w = (int)i % inW + k.padW;  // in the padded input
        int firstH = h < k.kH ? 0 : (h - k.kH) / k.strideH + 1, lastH = min(h / k.strideH, outH - 1);
        int firstW = w < k.kW ? 0 : (w - k.kW) / k.strideW + 1, lastW = min(w / k.strideW, outW - 1);
        float sum = 0.f;
        for (int a = firstH; a <= lastH; a++) {
            for (int b = firstW; b <= lastW; b++) {
                sum += dy[a * outW + b]
                        / divisor(a * k.strideH - k.padH, b * k.strideW - k.padW, k, inH, inW, includePad);
            }
        }
        diffSrc[row * inH * inW + i] = sum;
    }
}
