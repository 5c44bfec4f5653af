package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.tensor.Shape;

/** The three layers of ResNeSt's split attention. A sample's channels are {@code radix} slices of {@code c}, a plane each. */
final class SplitAttention {
    private SplitAttention() {}

    /** y[n, c] = Σ x[n, r, c, h, w] / (H·W) over r, h and w. */
    record Pool(int radix, int batch, Shape in, Variable x, Variable y) implements Op {
        @Override
        public void forward(Draw draw) {
            for (int i = 0; i < y.value.length; i++) {
                y.value[i] = 0;
            }
            for (int i = 0; i < x.value.length; i++) {
                y.value[yAt(i)] += x.value[i] / plane();
            }
        }

        @Override
        public void backward() {
            if (x.gradient == null || y.gradient == null) {
                return;
            }
            for (int i = 0; i < x.gradient.length; i++) {
                x.gradient[i] += y.gradient[yAt(i)] / plane();
            }
        }

        private int plane() {
            return in.size(1) * in.size(2);
        }

        private int yAt(int i) {
            int channel = i / plane();
            int c = in.size(0) / radix;
            return channel / in.size(0) * c + channel % c;
        }
    }

    /** y[n, r, g, c] = exp x[n, g, r, c] / Σᵣ exp x[n, g, r, c], or 1 / (1 + exp −x) when radix is 1. */
    record Softmax(int radix, int groups, int batch, Variable x, Variable y) implements Op {
        @Override
        public void forward(Draw draw) {
            if (radix == 1) {
                for (int i = 0; i < y.value.length; i++) {
                    y.value[i] = 1 / (1 + Math.exp(-x.value[i]));
                }
                return;
            }
            forEachSoftmax((xAt, xStep, yAt, yStep) -> {
                double largest = Double.NEGATIVE_INFINITY;
                for (int r = 0; r < radix; r++) {
                    largest = Math.max(largest, x.value[xAt + r * xStep]);
                }
                double sum = 0;
                for (int r = 0; r < radix; r++) {
                    double e = Math.exp(x.value[xAt + r * xStep] - largest);
                    y.value[yAt + r * yStep] = e;
                    sum += e;
                }
                for (int r = 0; r < radix; r++) {
                    y.value[yAt + r * yStep] /= sum;
                }
            });
        }

        /** dx = y · (dy − Σᵣ dy · y), or dy · y · (1 − y). */
        @Override
        public void backward() {
            double[] dx = x.gradient;
            double[] dy = y.gradient;
            if (dx == null || dy == null) {
                return;
            }
            if (radix == 1) {
                for (int i = 0; i < dx.length; i++) {
                    dx[i] += dy[i] * y.value[i] * (1 - y.value[i]);
                }
                return;
            }
            forEachSoftmax((xAt, xStep, yAt, yStep) -> {
                double sum = 0;
                for (int r = 0; r < radix; r++) {
                    sum += dy[yAt + r * yStep] * y.value[yAt + r * yStep];
                }
                for (int r = 0; r < radix; r++) {
                    dx[xAt + r * xStep] += y.value[yAt + r * yStep] * (dy[yAt + r * yStep] - sum);
                }
            });
        }

        private interface Column {
            void at(int xAt, int xStep, int yAt, int yStep);
        }

        private void forEachSoftmax(Column column) {
            int sample = x.value.length / batch;
            int c = sample / radix / groups;
            for (int n = 0; n < batch; n++) {
                for (int g = 0; g < groups; g++) {
                    for (int k = 0; k < c; k++) {
                        column.at(n * sample + g * radix * c + k, c, n * sample + g * c + k, groups * c);
                    }
                }
            }
        }
    }

    /** y[n, c, h, w] = Σᵣ a[n, r, c] · x[n, r, c, h, w]. */
    record WeightedSum(int radix, int batch, Shape in, Variable x, Variable a, Variable y) implements Op {
        @Override
        public void forward(Draw draw) {
            for (int i = 0; i < y.value.length; i++) {
                y.value[i] = 0;
            }
            for (int i = 0; i < x.value.length; i++) {
                y.value[yAt(i)] += a.value[i / plane()] * x.value[i];
            }
        }

        @Override
        public void backward() {
            if (y.gradient == null) {
                return;
            }
            for (int i = 0; i < x.value.length; i++) {
                double dy = y.gradient[yAt(i)];
                if (x.gradient != null) {
                    x.gradient[i] += dy * a.value[i / plane()];
                }
                if (a.gradient != null) {
                    a.gradient[i / plane()] += dy * x.value[i];
                }
            }
        }

        private int plane() {
            return in.size(1) * in.size(2);
        }

        private int yAt(int i) {
            int slice = (int) in.numel() / radix;
            return i / (int) in.numel() * slice + i % slice;
        }
    }
}
