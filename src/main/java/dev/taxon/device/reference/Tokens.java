package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Layer;

/** Layers that move tokens or add learned ones. */
final class Tokens {
    private Tokens() {}

    /** (N, rows, columns) → (N, columns, rows): an image to its tokens and back. */
    record Transpose(int rows, int columns, Variable x, Variable y) implements Op {
        @Override
        public void forward(Draw draw) {
            for (int i = 0; i < x.value.length; i++) {
                y.value[moved(i)] = x.value[i];
            }
        }

        @Override
        public void backward() {
            if (x.gradient == null || y.gradient == null) {
                return;
            }
            for (int i = 0; i < x.gradient.length; i++) {
                x.gradient[i] += y.gradient[moved(i)];
            }
        }

        private int moved(int i) {
            int column = i % columns;
            int row = i / columns % rows;
            int sample = i / (columns * rows);
            return (sample * columns + column) * rows + row;
        }
    }

    /** {@code count} elements of each sample of x from element {@code from}. */
    record Slice(int batch, int from, int count, Variable x, Variable y) implements Op {
        static Slice of(Layer.TokenSlice l, int batch, int channels, Variable x, Variable y) {
            return new Slice(batch, l.from() * channels, l.count() * channels, x, y);
        }

        @Override
        public void forward(Draw draw) {
            for (int n = 0; n < batch; n++) {
                System.arraycopy(x.value, at(n), y.value, n * count, count);
            }
        }

        @Override
        public void backward() {
            if (x.gradient == null || y.gradient == null) {
                return;
            }
            for (int n = 0; n < batch; n++) {
                for (int i = 0; i < count; i++) {
                    x.gradient[at(n) + i] += y.gradient[n * count + i];
                }
            }
        }

        private int at(int n) {
            return n * (x.value.length / batch) + from;
        }
    }

    /** y[n] is the token, and behind it x[n]. */
    record Prepend(int batch, Variable x, Variable token, Variable y) implements Op {
        @Override
        public void forward(Draw draw) {
            int channels = token.value.length;
            int size = x.value.length / batch;
            for (int n = 0; n < batch; n++) {
                System.arraycopy(token.value, 0, y.value, n * (size + channels), channels);
                System.arraycopy(x.value, n * size, y.value, n * (size + channels) + channels, size);
            }
        }

        @Override
        public void backward() {
            if (y.gradient == null) {
                return;
            }
            int channels = token.value.length;
            int size = x.value.length / batch;
            for (int n = 0; n < batch; n++) {
                int row = n * (size + channels);
                for (int c = 0; token.gradient != null && c < channels; c++) {
                    token.gradient[c] += y.gradient[row + c];
                }
                for (int i = 0; x.gradient != null && i < size; i++) {
                    x.gradient[n * size + i] += y.gradient[row + channels + i];
                }
            }
        }
    }

    /** y[n] = x[n] + positions, those of the grid resized by a matrix. */
    static final class AddPositions implements Op {
        private final Layer.PositionEmbedding layer;
        private final int batch;
        private final Variable x;
        private final Variable positions;
        private final Variable y;
        private final double[] matrix; // (to, from)

        AddPositions(Layer.PositionEmbedding layer, int batch, Variable x, Variable positions, Variable y) {
            this.layer = layer;
            this.batch = batch;
            this.x = x;
            this.positions = positions;
            this.y = y;
            matrix = layer.resize().matrix();
        }

        @Override
        public void forward(Draw draw) {
            int size = y.value.length / batch;
            double[] resized = new double[size];
            eachTerm((to, from, factor) -> resized[to] += factor * positions.value[from]);
            for (int i = 0; i < y.value.length; i++) {
                y.value[i] = x.value[i] + resized[i % size];
            }
        }

        @Override
        public void backward() {
            if (y.gradient == null) {
                return;
            }
            ElementWise.addGradient(y, x);
            double[] gradient = positions.gradient;
            if (gradient == null) {
                return;
            }
            int size = y.value.length / batch;
            double[] sum = new double[size];
            for (int i = 0; i < y.gradient.length; i++) {
                sum[i % size] += y.gradient[i];
            }
            eachTerm((to, from, factor) -> gradient[from] += factor * sum[to]);
        }

        private interface Term {
            void add(int to, int from, double factor);
        }

        // Every product of the linear map from the positions to what is added to one sample.
        private void eachTerm(Term term) {
            int channels = layer.channels();
            int head = layer.extra() * channels;
            for (int i = 0; i < head; i++) {
                term.add(i, i, 1);
            }
            int columns = layer.resize().from();
            for (int i = 0; i < matrix.length; i++) {
                if (matrix[i] != 0) {
                    int to = head + i / columns * channels;
                    int from = head + i % columns * channels;
                    for (int c = 0; c < channels; c++) {
                        term.add(to + c, from + c, matrix[i]);
                    }
                }
            }
        }
    }
}
