package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;

/** y[n, c] = Σ x[n, c, h, w] / (H·W). */
final class GlobalAveragePooling implements Op {
    private final Variable x; // (N, C, H, W)
    private final Variable y; // (N, C)
    private final int plane; // H·W

    GlobalAveragePooling(Variable x, Variable y) {
        this.x = x;
        this.y = y;
        plane = x.value.length / y.value.length;
    }

    @Override
    public void forward(Draw draw) {
        for (int c = 0; c < y.value.length; c++) {
            double sum = 0;
            for (int i = c * plane; i < (c + 1) * plane; i++) {
                sum += x.value[i];
            }
            y.value[c] = sum / plane;
        }
    }

    @Override
    public void backward() {
        if (x.gradient == null || y.gradient == null) {
            return;
        }
        for (int i = 0; i < x.gradient.length; i++) {
            x.gradient[i] += y.gradient[i / plane] / plane;
        }
    }
}
