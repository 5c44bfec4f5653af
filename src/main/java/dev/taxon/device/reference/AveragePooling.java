package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.tensor.Shape;

/** y = Σ window / divisor; each x of the window gets dy / divisor. Source: PyTorch's avg_pool2d for edges. */
final class AveragePooling implements Op {
    private final Layer.AvgPool2d layer;
    private final int height;
    private final int width;
    private final int outHeight;
    private final int outWidth;
    private final Variable x; // (N, C, H, W)
    private final Variable y; // (N, C, H', W')

    AveragePooling(Layer.AvgPool2d layer, Shape in, Shape out, Variable x, Variable y) {
        this.layer = layer;
        height = in.size(1);
        width = in.size(2);
        outHeight = out.size(1);
        outWidth = out.size(2);
        this.x = x;
        this.y = y;
    }

    @Override
    public void forward(Draw draw) {
        for (int i = 0; i < y.value.length; i++) {
            Window window = window(i);
            double sum = 0;
            for (int h = window.top; h < window.bottom; h++) {
                for (int w = window.left; w < window.right; w++) {
                    sum += x.value[(window.plane * height + h) * width + w];
                }
            }
            y.value[i] = sum / window.divisor;
        }
    }

    @Override
    public void backward() {
        if (x.gradient == null || y.gradient == null) {
            return;
        }
        for (int i = 0; i < y.gradient.length; i++) {
            Window window = window(i);
            for (int h = window.top; h < window.bottom; h++) {
                for (int w = window.left; w < window.right; w++) {
                    x.gradient[(window.plane * height + h) * width + w] += y.gradient[i] / window.divisor;
                }
            }
        }
    }

    /** Rows [top, bottom) and columns [left, right) of plane n·C + c. */
    private record Window(int plane, int top, int bottom, int left, int right, int divisor) {}

    private Window window(int i) {
        Kernel2d k = layer.kernel();
        int startH = i / outWidth % outHeight * k.strideH() - k.padH();
        int startW = i % outWidth * k.strideW() - k.padW();
        int top = Math.max(startH, 0);
        int left = Math.max(startW, 0);
        int bottom = Math.min(startH + k.kH(), height);
        int right = Math.min(startW + k.kW(), width);
        // the padded input ends at height + pad: what ceil_mode adds beyond it never counts
        int paddedH = Math.min(startH + k.kH(), height + k.padH()) - startH;
        int paddedW = Math.min(startW + k.kW(), width + k.padW()) - startW;
        int divisor = layer.countIncludePad() ? paddedH * paddedW : (bottom - top) * (right - left);
        return new Window(i / outWidth / outHeight, top, bottom, left, right, divisor);
    }
}
