package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * y[n, o, h, w] = b[o] + Σ weight[o, i, kh, kw] · x[n, i, h·stride − pad + kh·dilation, w·stride − pad + kw·dilation],
 * with zeros outside x. Group by group, as matrices: patches (i·kh·kw, n·h'·w') hold the x that each weight meets at each
 * output; y = weight · patches, dweight = dy · patchesᵀ, and dpatches = weightᵀ · dy is added to where x came from.
 */
final class Convolution implements Op {
    private final Layer.Conv2d layer;
    private final int batch;
    private final Shape in;
    private final Shape out;
    private final Variable x; // (N, inC, H, W)
    private final Variable weight; // (outC, inC/groups, kH, kW)
    private final @Nullable Variable bias; // (outC)
    private final Variable y; // (N, outC, H', W')

    Convolution(
            Layer.Conv2d layer,
            int batch,
            Shape in,
            Shape out,
            Variable x,
            Variable weight,
            @Nullable Variable bias,
            Variable y) {
        this.layer = layer;
        this.batch = batch;
        this.in = in;
        this.out = out;
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        this.y = y;
    }

    @Override
    public void forward(Draw draw) {
        for (int g = 0; g < layer.groups(); g++) {
            double[][] product = Matrices.product(weightRows(g), patches(g));
            forEachOutput(g, (o, column, yAt) -> {
                int channel = yAt / plane() % layer.outC();
                y.value[yAt] = product[o][column] + (bias == null ? 0 : bias.value[channel]);
            });
        }
    }

    @Override
    public void backward() {
        double[] dy = y.gradient;
        if (dy == null) {
            return;
        }
        for (int g = 0; g < layer.groups(); g++) {
            double[][] rows = new double[outPerGroup()][batch * plane()];
            forEachOutput(g, (o, column, yAt) -> rows[o][column] = dy[yAt]);
            if (x.gradient != null) {
                double[][] dpatches = Matrices.product(Matrices.transpose(weightRows(g)), rows);
                double[] dx = x.gradient;
                forEachTap(g, (row, column, xAt) -> dx[xAt] += dpatches[row][column]);
            }
            if (weight.gradient != null) {
                double[][] dweight = Matrices.product(rows, Matrices.transpose(patches(g)));
                for (int o = 0; o < outPerGroup(); o++) {
                    for (int k = 0; k < taps(); k++) {
                        weight.gradient[(g * outPerGroup() + o) * taps() + k] += dweight[o][k];
                    }
                }
            }
        }
        if (bias != null && bias.gradient != null) {
            for (int i = 0; i < dy.length; i++) {
                bias.gradient[i / plane() % layer.outC()] += dy[i];
            }
        }
    }

    private int outPerGroup() {
        return layer.outC() / layer.groups();
    }

    private int inPerGroup() {
        return layer.inC() / layer.groups();
    }

    /** Weights of one output channel. */
    private int taps() {
        return inPerGroup() * layer.kernel().kH() * layer.kernel().kW();
    }

    /** H'·W'. */
    private int plane() {
        return out.size(1) * out.size(2);
    }

    /** (outC/groups, taps) of one group. */
    private double[][] weightRows(int g) {
        double[][] rows = new double[outPerGroup()][taps()];
        for (int o = 0; o < rows.length; o++) {
            System.arraycopy(weight.value, (g * rows.length + o) * taps(), rows[o], 0, taps());
        }
        return rows;
    }

    /** (taps, N·H'·W') of one group. */
    private double[][] patches(int g) {
        double[][] patches = new double[taps()][batch * plane()];
        forEachTap(g, (row, column, xAt) -> patches[row][column] = x.value[xAt]);
        return patches;
    }

    /** An element of a matrix, and its place {@code at} in an NCHW array. */
    private interface Element {
        void visit(int row, int column, int at);
    }

    private void forEachOutput(int g, Element element) {
        for (int o = 0; o < outPerGroup(); o++) {
            for (int n = 0; n < batch; n++) {
                int start = (n * layer.outC() + g * outPerGroup() + o) * plane();
                for (int i = 0; i < plane(); i++) {
                    element.visit(o, n * plane() + i, start + i);
                }
            }
        }
    }

    /** Every pair of a weight and an output that meet an element of x. */
    private void forEachTap(int g, Element element) {
        Kernel2d k = layer.kernel();
        for (int row = 0; row < taps(); row++) {
            int kw = row % k.kW();
            int kh = row / k.kW() % k.kH();
            int channel = g * inPerGroup() + row / k.kW() / k.kH();
            for (int n = 0; n < batch; n++) {
                for (int oh = 0; oh < out.size(1); oh++) {
                    int h = oh * k.strideH() - k.padH() + kh * k.dilationH();
                    if (h < 0 || h >= in.size(1)) {
                        continue;
                    }
                    int line = ((n * layer.inC() + channel) * in.size(1) + h) * in.size(2);
                    for (int ow = 0; ow < out.size(2); ow++) {
                        int w = ow * k.strideW() - k.padW() + kw * k.dilationW();
                        if (w >= 0 && w < in.size(2)) {
                            element.visit(row, n * plane() + oh * out.size(2) + ow, line + w);
                        }
                    }
                }
            }
        }
    }
}
