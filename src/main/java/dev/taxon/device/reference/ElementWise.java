package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.random.Philox;

/** Layers that keep shape and order: y[i] depends on x[i] alone. */
final class ElementWise {
    private ElementWise() {}

    /** y = a + b. */
    record Sum(Variable a, Variable b, Variable y) implements Op {
        @Override
        public void forward(Draw draw) {
            for (int i = 0; i < y.value.length; i++) {
                y.value[i] = a.value[i] + b.value[i];
            }
        }

        @Override
        public void backward() {
            addGradient(y, a);
            addGradient(y, b);
        }
    }

    /** y = x: Flatten, whose NCHW order stays as it is, and Dropout in evaluation. */
    record Identity(Variable x, Variable y) implements Op {
        @Override
        public void forward(Draw draw) {
            System.arraycopy(x.value, 0, y.value, 0, y.value.length);
        }

        @Override
        public void backward() {
            addGradient(y, x);
        }
    }

    /** y = x · mask, dx = dy · mask; mask is 0 with probability p, else 1/(1 − p). */
    static final class Drop implements Op {
        private final double p;
        private final int node;
        private final Variable x;
        private final Variable y;
        private final double[] mask;

        Drop(double p, int node, Variable x, Variable y) {
            this.p = p;
            this.node = node;
            this.x = x;
            this.y = y;
            mask = new double[y.value.length];
        }

        @Override
        public void forward(Draw draw) {
            fillMask(mask, p, node, draw);
            for (int i = 0; i < mask.length; i++) {
                y.value[i] = x.value[i] * mask[i];
            }
        }

        @Override
        public void backward() {
            if (x.gradient == null || y.gradient == null) {
                return;
            }
            for (int i = 0; i < mask.length; i++) {
                x.gradient[i] += y.gradient[i] * mask[i];
            }
        }
    }

    /** y = x · mask[n], dx = dy · mask[n]: the mask of {@link Drop}, drawn once a sample. */
    static final class DropSamples implements Op {
        private final double p;
        private final int node;
        private final Variable x;
        private final Variable y;
        private final double[] mask; // (N)

        DropSamples(double p, int batch, int node, Variable x, Variable y) {
            this.p = p;
            this.node = node;
            this.x = x;
            this.y = y;
            mask = new double[batch];
        }

        @Override
        public void forward(Draw draw) {
            fillMask(mask, p, node, draw);
            for (int i = 0; i < y.value.length; i++) {
                y.value[i] = x.value[i] * mask[sample(i)];
            }
        }

        @Override
        public void backward() {
            if (x.gradient == null || y.gradient == null) {
                return;
            }
            for (int i = 0; i < y.gradient.length; i++) {
                x.gradient[i] += y.gradient[i] * mask[sample(i)];
            }
        }

        private int sample(int i) {
            return i / (y.value.length / mask.length);
        }
    }

    /** Element i is 0 with probability p, else 1/(1 − p). */
    static void fillMask(double[] mask, double p, int node, Draw draw) {
        long stream = Philox.stream(Philox.Purpose.DROPOUT, node, draw.step());
        int[] block = new int[4];
        for (int i = 0; i < mask.length; i++) {
            if (i % 4 == 0) {
                Philox.block(draw.seed(), stream, i / 4, block);
            }
            mask[i] = Philox.unit(block[i % 4]) >= (float) p ? 1 / (1 - p) : 0;
        }
    }

    static void addGradient(Variable from, Variable to) {
        if (from.gradient == null || to.gradient == null) {
            return;
        }
        for (int i = 0; i < to.gradient.length; i++) {
            to.gradient[i] += from.gradient[i];
        }
    }
}
