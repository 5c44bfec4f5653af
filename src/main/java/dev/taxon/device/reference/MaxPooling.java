package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.tensor.Shape;

/** y = the largest x of each window; dx gets dy where the first of the largest stood. */
final class MaxPooling implements Op {
    private final Kernel2d kernel;
    private final int height;
    private final int width;
    private final int outHeight;
    private final int outWidth;
    private final Variable x; // (N, C, H, W)
    private final Variable y; // (N, C, H', W')
    private final int[] argmax; // (N, C, H', W'): index into x, −1 for a window that holds only padding

    MaxPooling(Layer.MaxPool2d layer, Shape in, Shape out, Variable x, Variable y) {
        kernel = layer.kernel();
        height = in.size(1);
        width = in.size(2);
        outHeight = out.size(1);
        outWidth = out.size(2);
        this.x = x;
        this.y = y;
        argmax = new int[y.value.length];
    }

    @Override
    public void forward(Draw draw) {
        for (int i = 0; i < y.value.length; i++) {
            int w = i % outWidth;
            int h = i / outWidth % outHeight;
            int plane = i / outWidth / outHeight; // n·C + c
            argmax[i] = argmax(plane * height * width, h, w);
            y.value[i] = argmax[i] < 0 ? Double.NEGATIVE_INFINITY : x.value[argmax[i]];
        }
    }

    @Override
    public void backward() {
        if (x.gradient == null || y.gradient == null) {
            return;
        }
        for (int i = 0; i < argmax.length; i++) {
            if (argmax[i] >= 0) {
                x.gradient[argmax[i]] += y.gradient[i];
            }
        }
    }

    private int argmax(int plane, int outH, int outW) {
        int best = -1;
        for (int kh = 0; kh < kernel.kH(); kh++) {
            int h = outH * kernel.strideH() - kernel.padH() + kh * kernel.dilationH();
            for (int kw = 0; kw < kernel.kW(); kw++) {
                int w = outW * kernel.strideW() - kernel.padW() + kw * kernel.dilationW();
                if (h >= 0 && h < height && w >= 0 && w < width) {
                    int i = plane + h * width + w;
                    if (best < 0 || x.value[i] > x.value[best]) {
                        best = i;
                    }
                }
            }
        }
        return best;
    }
}
