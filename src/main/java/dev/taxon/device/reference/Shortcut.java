package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Layer;
import dev.taxon.tensor.Shape;
import java.util.Arrays;

/** y[n, before + c, h, w] = x[n, c, h·stride, w·stride], zero in the other channels. */
final class Shortcut implements Op {
    private final Layer.ShortcutA layer;
    private final int batch;
    private final Shape in; // (inC, H, W)
    private final Shape out; // (outC, H', W')
    private final Variable x;
    private final Variable y;

    Shortcut(Layer.ShortcutA layer, int batch, Shape in, Shape out, Variable x, Variable y) {
        this.layer = layer;
        this.batch = batch;
        this.in = in;
        this.out = out;
        this.x = x;
        this.y = y;
    }

    @Override
    public void forward(Draw draw) {
        Arrays.fill(y.value, 0);
        forEachPair((xAt, yAt) -> y.value[yAt] = x.value[xAt]);
    }

    @Override
    public void backward() {
        double[] dx = x.gradient;
        double[] dy = y.gradient;
        if (dx != null && dy != null) {
            forEachPair((xAt, yAt) -> dx[xAt] += dy[yAt]);
        }
    }

    private interface Pair {
        void at(int x, int y);
    }

    private void forEachPair(Pair pair) {
        int before = (layer.outC() - layer.inC()) / 2;
        for (int n = 0; n < batch; n++) {
            for (int c = 0; c < layer.inC(); c++) {
                int xPlane = (n * layer.inC() + c) * in.size(1);
                int yPlane = (n * layer.outC() + before + c) * out.size(1);
                for (int h = 0; h < out.size(1); h++) {
                    for (int w = 0; w < out.size(2); w++) {
                        int xAt = (xPlane + h * layer.stride()) * in.size(2) + w * layer.stride();
                        pair.at(xAt, (yPlane + h) * out.size(2) + w);
                    }
                }
            }
        }
    }
}
