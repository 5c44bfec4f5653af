package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;

/** y[n, c, h, w] = x[n, c, h, w] · s[n, c]; dx = dy · s, ds[n, c] = Σ dy · x over h and w. */
record ChannelScaling(Variable x, Variable s, Variable y) implements Op {
    @Override
    public void forward(Draw draw) {
        for (int i = 0; i < y.value.length; i++) {
            y.value[i] = x.value[i] * s.value[i / plane()];
        }
    }

    @Override
    public void backward() {
        if (y.gradient == null) {
            return;
        }
        for (int i = 0; i < y.gradient.length; i++) {
            if (x.gradient != null) {
                x.gradient[i] += y.gradient[i] * s.value[i / plane()];
            }
            if (s.gradient != null) {
                s.gradient[i / plane()] += y.gradient[i] * x.value[i];
            }
        }
    }

    /** H·W. */
    private int plane() {
        return x.value.length / s.value.length;
    }
}
