package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.tensor.Shape;
import java.util.List;

/** Layers that only move channels. In NCHW order the channels of a sample lie behind each other, a plane each. */
final class Channels {
    private Channels() {}

    /** y[n, c] = x[n, from + c]. */
    record Slice(int from, int batch, Shape in, Shape out, Variable x, Variable y) implements Op {
        @Override
        public void forward(Draw draw) {
            for (int n = 0; n < batch; n++) {
                System.arraycopy(x.value, xAt(n), y.value, n * length(), length());
            }
        }

        @Override
        public void backward() {
            if (x.gradient == null || y.gradient == null) {
                return;
            }
            for (int n = 0; n < batch; n++) {
                add(y.gradient, n * length(), x.gradient, xAt(n), length());
            }
        }

        private int length() {
            return (int) out.numel();
        }

        private int xAt(int n) {
            int plane = length() / out.size(0);
            return n * (int) in.numel() + from * plane;
        }
    }

    /** y[n] = the samples n of all inputs behind each other. */
    record Concat(int batch, List<Variable> inputs, Variable y) implements Op {
        @Override
        public void forward(Draw draw) {
            forEachPart((x, xAt, yAt, length) -> System.arraycopy(x.value, xAt, y.value, yAt, length));
        }

        @Override
        public void backward() {
            double[] dy = y.gradient;
            if (dy != null) {
                forEachPart((x, xAt, yAt, length) -> {
                    if (x.gradient != null) {
                        add(dy, yAt, x.gradient, xAt, length);
                    }
                });
            }
        }

        private interface Part {
            void at(Variable x, int xAt, int yAt, int length);
        }

        private void forEachPart(Part part) {
            int yAt = 0;
            for (int n = 0; n < batch; n++) {
                for (Variable x : inputs) {
                    int length = x.value.length / batch;
                    part.at(x, n * length, yAt, length);
                    yAt += length;
                }
            }
        }
    }

    /** y[n, k·groups + g] = x[n, g·(C/groups) + k]. */
    record Shuffle(int groups, int batch, Shape shape, Variable x, Variable y) implements Op {
        @Override
        public void forward(Draw draw) {
            forEachPlane((xAt, yAt, plane) -> System.arraycopy(x.value, xAt, y.value, yAt, plane));
        }

        @Override
        public void backward() {
            double[] dx = x.gradient;
            double[] dy = y.gradient;
            if (dx != null && dy != null) {
                forEachPlane((xAt, yAt, plane) -> add(dy, yAt, dx, xAt, plane));
            }
        }

        private interface Pair {
            void at(int x, int y, int plane);
        }

        private void forEachPlane(Pair pair) {
            int channels = shape.size(0);
            int plane = (int) shape.numel() / channels;
            int perGroup = channels / groups;
            for (int n = 0; n < batch; n++) {
                for (int g = 0; g < groups; g++) {
                    for (int k = 0; k < perGroup; k++) {
                        int xAt = (n * channels + g * perGroup + k) * plane;
                        pair.at(xAt, (n * channels + k * groups + g) * plane, plane);
                    }
                }
            }
        }
    }

    private static void add(double[] from, int fromAt, double[] to, int toAt, int length) {
        for (int i = 0; i < length; i++) {
            to[toAt + i] += from[fromAt + i];
        }
    }
}
