#include "gemm.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace cudasim {

namespace {

using Vector = float __attribute__((vector_size(32), aligned(4)));
constexpr int64_t ROWS = 4;
constexpr int64_t COLUMNS = 16;
constexpr int64_t DEPTH = 256;

// Columns j … j + 15 of b, zero past its edge: (k, 16).
void pack(const float *b, int64_t n, int64_t k, int64_t j, float *panel) {
    int64_t width = std::min(COLUMNS, n - j);
    for (int64_t l = 0; l < k; l++) {
        float *row = panel + l * COLUMNS;
        memcpy(row, b + l * n + j, static_cast<size_t>(width) * sizeof(float));
        std::fill(row + width, row + COLUMNS, 0.0f);
    }
}

// sums (4, 16) += rows of a (4, depth; row stride k) · panel (depth, 16)
void block(const float *a, int64_t k, const float *panel, int64_t depth, double *sums) {
    Vector part[ROWS][2] = {};
    for (int64_t l = 0; l < depth; l++) {
        Vector left = *reinterpret_cast<const Vector *>(panel + l * COLUMNS);
        Vector right = *reinterpret_cast<const Vector *>(panel + l * COLUMNS + 8);
        for (int64_t i = 0; i < ROWS; i++) {
            float x = a[i * k + l];
            part[i][0] += left * x;
            part[i][1] += right * x;
        }
    }
    for (int64_t i = 0; i < ROWS; i++) {
        for (int64_t j = 0; j < COLUMNS; j++) sums[i * COLUMNS + j] += part[i][j / 8][j % 8];
    }
}

}  // namespace

void multiply(int64_t m, int64_t n, int64_t k, const float *a, const float *b, float *c) {
    std::vector<float> panel(static_cast<size_t>(k * COLUMNS));
    std::vector<float> edge;  // the last rows of a, filled up with zeros
    int64_t whole = m / ROWS * ROWS;
    if (whole < m) {
        edge.assign(static_cast<size_t>(ROWS * k), 0.0f);
        std::copy(a + whole * k, a + m * k, edge.begin());
    }
    for (int64_t j = 0; j < n; j += COLUMNS) {
        pack(b, n, k, j, panel.data());
        int64_t width = std::min(COLUMNS, n - j);
        for (int64_t i = 0; i < m; i += ROWS) {
            const float *rows = i < whole ? a + i * k : edge.data();
            double sums[ROWS * COLUMNS] = {};
            for (int64_t l = 0; l < k; l += DEPTH) {
                block(rows + l, k, panel.data() + l * COLUMNS, std::min(DEPTH, k - l), sums);
            }
            for (int64_t r = 0; r < std::min(ROWS, m - i); r++) {
                for (int64_t q = 0; q < width; q++) c[(i + r) * n + j + q] = static_cast<float>(sums[r * COLUMNS + q]);
            }
        }
    }
}

}  // namespace cudasim
