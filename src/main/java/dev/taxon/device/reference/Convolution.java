package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.tensor.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * y[n, o, h, w] = b[o] + Σ weight[o, i, kh, kw] · x[n, group(o) + i, h·stride − pad + kh·dilation, …], zero outside x.
 * The three sums (y, dx, dw) run over the same taps, a row of outputs at a time.
 */
final class Convolution implements Op {
    private final Layer.Conv2d layer;
    private final int batch;
    private final int height;
    private final int width;
    private final int outHeight;
    private final int outWidth;
    private final Variable x; // (N, inC, H, W)
    private final Variable weight; // (outC, inC/groups, kH, kW)
    private final @Nullable Variable bias; // (outC)
    private final Variable y; // (N, outC, H', W')

    Convolution(
            Layer.Conv2d layer, int batch, Shape in, Shape out, Variable x, Variable weight, @Nullable Variable bias, Variable y) {
        this.layer = layer;
        this.batch = batch;
        height = in.size(1);
        width = in.size(2);
        outHeight = out.size(1);
        outWidth = out.size(2);
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        this.y = y;
    }

    @Override
    public void forward(Draw draw) {
        int plane = outHeight * outWidth;
        for (int c = 0; c < batch * layer.outC(); c++) {
            Arrays.fill(y.value, c * plane, (c + 1) * plane, bias == null ? 0 : bias.value[c % layer.outC()]);
        }
        int stride = layer.kernel().strideW();
        forEachRow((w, yAt, xAt, count) -> {
            double k = weight.value[w];
            for (int j = 0; j < count; j++) {
                y.value[yAt + j] += k * x.value[xAt + j * stride];
            }
        });
    }

    @Override
    public void backward() {
        double[] dy = y.gradient;
        double[] dx = x.gradient;
        double[] dw = weight.gradient;
        if (dy == null) {
            return;
        }
        int stride = layer.kernel().strideW();
        if (dx != null) {
            forEachRow((w, yAt, xAt, count) -> {
                double k = weight.value[w];
                for (int j = 0; j < count; j++) {
                    dx[xAt + j * stride] += k * dy[yAt + j];
                }
            });
        }
        if (dw != null) {
            forEachRow((w, yAt, xAt, count) -> {
                double sum = 0;
                for (int j = 0; j < count; j++) {
                    sum += dy[yAt + j] * x.value[xAt + j * stride];
                }
                dw[w] += sum;
            });
        }
        if (bias != null && bias.gradient != null) {
            int plane = outHeight * outWidth;
            for (int i = 0; i < dy.length; i++) {
                bias.gradient[i / plane % layer.outC()] += dy[i];
            }
        }
    }

    /** {@code count} outputs from {@code y} on meet weight {@code w} at inputs {@code x}, x + stride, … */
    private interface Row {
        void at(int w, int y, int x, int count);
    }

    private void forEachRow(Row row) {
        Kernel2d k = layer.kernel();
        int inPerGroup = layer.inC() / layer.groups();
        int outPerGroup = layer.outC() / layer.groups();
        for (int n = 0; n < batch; n++) {
            for (int o = 0; o < layer.outC(); o++) {
                int yPlane = (n * layer.outC() + o) * outHeight;
                for (int i = 0; i < inPerGroup; i++) {
                    int xPlane = (n * layer.inC() + o / outPerGroup * inPerGroup + i) * height;
                    for (int kh = 0; kh < k.kH(); kh++) {
                        for (int kw = 0; kw < k.kW(); kw++) {
                            int w = ((o * inPerGroup + i) * k.kH() + kh) * k.kW() + kw;
                            int shift = kw * k.dilationW() - k.padW();
                            int first = Math.max(0, Math.ceilDiv(-shift, k.strideW()));
                            int last = Math.min(outWidth - 1, Math.floorDiv(width - 1 - shift, k.strideW()));
                            if (first > last) {
                                continue;
                            }
                            for (int oh = 0; oh < outHeight; oh++) {
                                int h = oh * k.strideH() - k.padH() + kh * k.dilationH();
                                if (h >= 0 && h < height) {
                                    int yAt = (yPlane + oh) * outWidth + first;
                                    int xAt = (xPlane + h) * width + first * k.strideW() + shift;
                                    row.at(w, yAt, xAt, last - first + 1);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
