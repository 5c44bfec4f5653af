package dev.taxon.graph;

import static dev.taxon.UserError.require;

/**
 * The window of a convolution or pooling in both directions: extent, stride, symmetric padding and dilation, height
 * first.
 */
public record Kernel2d(int kH, int kW, int strideH, int strideW, int padH, int padW, int dilationH, int dilationW) {
    public Kernel2d {
        require(kH > 0 && kW > 0, "kernel_size must be positive, got (%d, %d)", kH, kW);
        require(strideH > 0 && strideW > 0, "stride must be positive, got (%d, %d)", strideH, strideW);
        require(padH >= 0 && padW >= 0, "padding must not be negative, got (%d, %d)", padH, padW);
        require(dilationH > 0 && dilationW > 0, "dilation must be positive, got (%d, %d)", dilationH, dilationW);
    }

    public static Kernel2d square(int k, int stride, int padding) {
        return new Kernel2d(k, k, stride, stride, padding, padding, 1, 1);
    }

    public Kernel2d withDilation(int d) {
        return new Kernel2d(kH, kW, strideH, strideW, padH, padW, d, d);
    }

    /** Output height for input height {@code h}, rounding down (convolution, pooling without ceil_mode). */
    public int outH(int h) {
        return out(h, kH, strideH, padH, dilationH, false);
    }

    public int outW(int w) {
        return out(w, kW, strideW, padW, dilationW, false);
    }

    /** Output height of a pooling. Source: PyTorch pooling_output_shape: a window must start inside input or left padding. */
    public int outH(int h, boolean ceilMode) {
        return out(h, kH, strideH, padH, dilationH, ceilMode);
    }

    public int outW(int w, boolean ceilMode) {
        return out(w, kW, strideW, padW, dilationW, ceilMode);
    }

    private static int out(int in, int k, int stride, int pad, int dilation, boolean ceil) {
        int span = in + 2 * pad - dilation * (k - 1) - 1;
        int n = Math.floorDiv(ceil ? span + stride - 1 : span, stride)
                + 1; // below 1 the caller refuses it, naming the layer
        return ceil && (n - 1) * stride >= in + pad ? n - 1 : n;
    }
}
