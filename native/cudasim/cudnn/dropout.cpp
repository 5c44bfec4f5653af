// Dropout. The numbers are not cuDNN's (which are not documented), the contract is: kept values are scaled by
// 1 / (1 − p), the mask lies in the reserve space, each forward pass moves the state on.
#include "tensor.h"

using namespace cudasim;
using namespace cudasim::cudnn;

namespace {

struct State {
    uint64_t seed;
    uint64_t drawn;
};

constexpr size_t STATES = 65536;  // bytes; of which we need 16

struct Dropout {
    float probability = 0;
    void *states = nullptr;
    bool set = false;
};

// splitmix64 of the number's place in the stream: uniform in [0, 1)
float uniform(const State &state, uint64_t i) {
    uint64_t z = state.seed + (state.drawn + i + 1) * 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return static_cast<float>((z ^ (z >> 31)) >> 40) / 16777216.0f;
}

size_t reserveOf(const Tensor &x) { return (static_cast<size_t>(x.elements()) + 15) / 16 * 16; }  // a byte an element

}  // namespace

CUDNN_DESCRIPTOR(Dropout, Dropout, DROPOUT)

CUDASIM_API int cudnnDropoutGetStatesSize(void *handle, size_t *size) {
    CUDNN_CALL(handle);
    *size = STATES;
    return SUCCESS;
}

CUDASIM_API int cudnnDropoutGetReserveSpaceSize(Tensor *x, size_t *size) {
    CUDASIM_CALL();
    CUDNN_NEED(TENSOR, x);
    *size = reserveOf(*x);
    return SUCCESS;
}

static int set(Dropout *dropout, float probability, void *states, size_t size, const char *function) {
    if (!(probability >= 0 && probability <= 1)) return BAD_PARAM;
    if (states != nullptr && !workspaceFits(states, size, STATES, function)) return BAD_PARAM;
    *dropout = {probability, states, true};
    return SUCCESS;
}

CUDASIM_API int cudnnSetDropoutDescriptor(
        Dropout *dropout, void *handle, float probability, void *states, size_t size, unsigned long long seed) {
    CUDNN_CALL(handle);
    CUDNN_NEED(DROPOUT, dropout);
    if (int wrong = set(dropout, probability, states, size, __func__)) return wrong;
    if (states == nullptr) return SUCCESS;
    return submit(*h, __func__, [=] { *static_cast<State *>(states) = {seed, 0}; });
}

CUDASIM_API int cudnnRestoreDropoutDescriptor(
        Dropout *dropout, void *handle, float probability, void *states, size_t size, unsigned long long) {
    CUDNN_CALL(handle);
    CUDNN_NEED(DROPOUT, dropout);
    return set(dropout, probability, states, size, __func__);
}

CUDASIM_API int cudnnGetDropoutDescriptor(
        Dropout *dropout, void *handle, float *probability, void **states, unsigned long long *seed) {
    CUDNN_CALL(handle);
    CUDNN_NEED(DROPOUT, dropout);
    *probability = dropout->probability;
    *states = dropout->states;
    *seed = 0;
    return SUCCESS;
}

CUDASIM_API int cudnnDropoutForward(void *handle, Dropout *dropout, Tensor *x, const void *xData, Tensor *y, void *yData,
        void *reserve, size_t reserveBytes) {
    CUDNN_CALL(handle);
    CUDNN_NEED(DROPOUT, dropout);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, y);
    if (!dropout->set || dropout->states == nullptr || x->elements() != y->elements()) return BAD_PARAM;
    if (!workspaceFits(reserve, reserveBytes, reserveOf(*x), __func__)) return BAD_PARAM;
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*y, yData, "y");
    return submit(*h, __func__, [=, d = *dropout, tx = *x, ty = *y] {
        auto *state = static_cast<State *>(d.states);
        auto *mask = static_cast<unsigned char *>(reserve);
        Dense values = read(tx, xData);
        for (size_t i = 0; i < values.size(); i++) {
            mask[i] = uniform(*state, i) >= d.probability;
            values[i] = mask[i] ? values[i] / (1 - d.probability) : 0;
        }
        state->drawn += values.size();
        write(ty, yData, values, 1, 0);
    });
}

CUDASIM_API int cudnnDropoutBackward(void *handle, Dropout *dropout, Tensor *dy, const void *dyData, Tensor *dx,
        void *dxData, void *reserve, size_t reserveBytes) {
    CUDNN_CALL(handle);
    CUDNN_NEED(DROPOUT, dropout);
    CUDNN_NEED(TENSOR, dy);
    CUDNN_NEED(TENSOR, dx);
    if (!dropout->set || dy->elements() != dx->elements()) return BAD_PARAM;
    if (!workspaceFits(reserve, reserveBytes, reserveOf(*dy), __func__)) return BAD_PARAM;
    CUDNN_COVERS(*dy, dyData, "dy");
    CUDNN_COVERS(*dx, dxData, "dx");
    return submit(*h, __func__, [=, d = *dropout, tdy = *dy, tdx = *dx] {
        auto *mask = static_cast<const unsigned char *>(reserve);
        Dense slope = read(tdy, dyData);
        for (size_t i = 0; i < slope.size(); i++) slope[i] = mask[i] ? slope[i] / (1 - d.probability) : 0;
        write(tdx, dxData, slope, 1, 0);
    });
}
