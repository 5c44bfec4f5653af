// Loss scaling on the card, by the rules of torch.amp.GradScaler: the host neither waits nor asks within a step.
// state: the scale; good steps since it last changed; whether the last step was skipped; whether the step under way meets a
// gradient that is infinite or NaN, which the optimizer's kernels read.
#include "kernel.cuh"

constexpr int SCALE = 0, GOOD_STEPS = 1, SKIPPED = 2, OVERFLOW = 3;

// The gradient of the loss, times the scale. Flat grid; bound by memory.
extern "C" __global__ void loss_scale_apply(float *dst, const float *src, Index count, const float *state) {
    float scale = state[SCALE];
    FLAT(i, count) dst[i] = src[i] * scale;
}

// Gradients divided by the scale, with a note of any that is not finite. Flat grid; bound by memory.
extern "C" __global__ void loss_scale_remove(float *grad, Index count, float *state) {
    float inverse = (float)(1. / (double)state[SCALE]);
    FLAT(i, count) {
        float g = grad[i];
        if ((__float_as_uint(g) & 0x7f800000u) == 0x7f800000u) state[OVERFLOW] = 1.f;
        grad[i] = g * inverse;
    }
}

// Behind the optimizer's step. An interval of 0 keeps the scale. One thread.
extern "C" __global__ void loss_scale_update(float *state, double growth, double backoff, int interval) {
    bool overflow = state[OVERFLOW] != 0.f;
    state[SKIPPED] = state[OVERFLOW];
    state[OVERFLOW] = 0.f;
    if (interval == 0) return;
    if (overflow) {
        state[SCALE] = (float)((double)state[SCALE] * backoff);
        state[GOOD_STEPS] = 0.f;
        return;
    }
    float good = state[GOOD_STEPS] + 1.f;
    if (good == (float)interval) {
        float grown = (float)((double)state[SCALE] * growth);
        if ((__float_as_uint(grown) & 0x7f800000u) != 0x7f800000u) state[SCALE] = grown;
        good = 0.f;
    }
    state[GOOD_STEPS] = good;
}
