package dev.taxon.graph;

import static dev.taxon.UserError.require;

/**
 * What a node computes. Records only: no buffer, no device, no mode. Shapes are per sample, without the batch
 * dimension N, which a program adds. Shape inference, FLOPs and each device switch over this set without a
 * {@code default}, so that a new layer fails to compile wherever it matters.
 */
public sealed interface Layer permits Layer.Inner, LossLayer {
    /** All but the losses. */
    sealed interface Inner extends Layer {}

    /** The image batch: (C, H, W) or (features) per sample, float32. */
    record Input(dev.taxon.tensor.Shape shape) implements Inner {}

    /** Class indices, int32 () per sample, or soft targets, float32 (classes) per sample. */
    record Target(int classes, boolean soft) implements Inner {}

    /**
     * 2-D cross-correlation. x (N, inC, H, W) → y (N, outC, H', W'); weight (outC, inC/groups, kH, kW), bias (outC).
     * Source: PyTorch nn.Conv2d.
     */
    record Conv2d(int inC, int outC, Kernel2d kernel, int groups, boolean bias) implements Inner {
        public Conv2d {
            require(inC > 0 && outC > 0, "in_channels and out_channels must be positive, got %d and %d", inC, outC);
            require(groups > 0 && inC % groups == 0, "groups=%d must divide in_channels=%d", groups, inC);
            require(outC % groups == 0, "groups=%d must divide out_channels=%d", groups, outC);
        }
    }

    /**
     * Batch normalization over (N, H, W): y = (x − mean) / √(var + eps) · weight + bias. While training, mean and
     * biased variance are the batch's, and running ← (1 − bnMomentum)·running + bnMomentum·batch with the unbiased
     * variance; with {@code useRunningStats} (norm_eval) the running values are used, and kept, in training too.
     * x (N, C, H, W), or features (N, C). Source: PyTorch nn.BatchNorm2d, nn.BatchNorm1d.
     */
    record BatchNorm2d(int channels, double eps, double bnMomentum, boolean useRunningStats, boolean sync)
            implements Inner {
        /** Over the samples of this process. */
        public BatchNorm2d(int channels, double eps, double bnMomentum, boolean useRunningStats) {
            this(channels, eps, bnMomentum, useRunningStats, false);
        }

        public BatchNorm2d {
            require(channels > 0, "num_features must be positive, got %d", channels);
            require(eps > 0, "eps must be positive, got %s", eps);
        }
    }

    /** Element-wise function of any shape. */
    record Activation(Function function) implements Inner {
        /** y = f(x). The constants are the functions without numbers. */
        public sealed interface Function {
            Function RELU = Simple.RELU;
            Function RELU6 = Simple.RELU6;
            Function TANH = Simple.TANH;
            Function SIGMOID = Simple.SIGMOID;
            Function HSWISH = Simple.HSWISH;
            Function SWISH = Simple.SWISH;
            Function GELU = Simple.GELU;
        }

        /**
         * RELU max(0, x); RELU6 min(max(0, x), 6); TANH tanh x; SIGMOID 1/(1 + exp(−x)); HSWISH x · RELU6(x + 3)/6; SWISH
         * (SiLU) x · SIGMOID(x); GELU x · Φ(x) with the normal distribution Φ itself, not its tanh approximation.
         */
        public enum Simple implements Function {
            RELU,
            RELU6,
            TANH,
            SIGMOID,
            HSWISH,
            SWISH,
            GELU
        }

        /** x where x > 0, else negativeSlope · x. */
        public record LeakyRelu(double negativeSlope) implements Function {
            /** PyTorch's default slope. */
            public static final LeakyRelu DEFAULT = new LeakyRelu(0.01);
        }

        /** min(max((x + bias)/divisor, min), max). Source: mmcv HSigmoid. */
        public record HardSigmoid(double bias, double divisor, double min, double max) implements Function {
            /** mmcv's since 1.4, and PyTorch's Hardsigmoid. */
            public static final HardSigmoid DEFAULT = new HardSigmoid(3, 6, 0, 1);

            public HardSigmoid {
                require(divisor != 0, "divisor of HSigmoid must not be 0");
                require(min <= max, "min_value=%s of HSigmoid is above max_value=%s", min, max);
            }
        }
    }

    /**
     * Largest value of each window; padding counts as −∞ (a dilated window may hold nothing else: then y is −∞ and has
     * no gradient); of equal values the first in row-major order gets the gradient.
     */
    record MaxPool2d(Kernel2d kernel, boolean ceilMode) implements Inner {
        public MaxPool2d {
            requireHalfPadding(kernel);
        }
    }

    /**
     * Mean of each window. The divisor is the window's extent inside the padded input with {@code countIncludePad},
     * else inside the input. Source: PyTorch nn.AvgPool2d (no dilation).
     */
    record AvgPool2d(Kernel2d kernel, boolean ceilMode, boolean countIncludePad) implements Inner {
        public AvgPool2d {
            requireHalfPadding(kernel);
            require(
                    kernel.dilationH() == 1 && kernel.dilationW() == 1,
                    "average pooling has no dilation, got (%d, %d)",
                    kernel.dilationH(),
                    kernel.dilationW());
        }
    }

    /** Mean over H and W. x (N, C, H, W) → y (N, C), or (N, C, 1, 1) with {@code keepDims}. */
    record GlobalAvgPool(boolean keepDims) implements Inner {
        /** To (N, C). */
        public GlobalAvgPool() {
            this(false);
        }
    }

    /**
     * Generalized mean over H and W with a learned exponent: y = (mean of max(x, eps)ᵖ)^(1/p), without the maximum unless
     * {@code clamp}. x (N, C, H, W) → y (N, C); p (1). Source: Radenović et al. 2018, as mmcls has it (GeM).
     */
    record GeneralizedMeanPool(double eps, boolean clamp) implements Inner {
        public GeneralizedMeanPool {
            require(eps > 0, "eps must be positive, got %s", eps);
        }
    }

    /**
     * Class-specific residual attention: with s = x·wₖ/‖wₖ‖ at each pixel, yₖ = mean s + lam · Σ softmax(temperature · s)·s
     * over H and W; an infinite temperature takes the largest s, whose first gets the gradient. x (N, inC, H, W) → y (N,
     * classes); weight (classes, inC, 1, 1). Source: Zhu and Wu 2021, as mmcls has it (CSRA).
     */
    record ResidualAttention(int inC, int classes, double temperature, double lam) implements Inner {
        public ResidualAttention {
            require(inC > 0 && classes > 0, "in_channels=%d and num_classes=%d must be positive", inC, classes);
            require(temperature > 0, "the temperature of residual attention must be positive, got %s", temperature);
        }
    }

    /** y = x Wᵀ + b over the last dimension. x (N, …, in) → y (N, …, out); weight (out, in), bias (out). Source: PyTorch nn.Linear. */
    record Linear(int in, int out, boolean bias) implements Inner {
        public Linear {
            require(in > 0 && out > 0, "in_features and out_features must be positive, got %d and %d", in, out);
        }
    }

    /** Sum of two inputs of equal shape. */
    record Add() implements Inner {}

    /** Each channel times its own factor. x (N, C, H, W), s (N, C, 1, 1) → y (N, C, H, W). Source: Hu et al. 2017. */
    record ChannelScale() implements Inner {}

    /** (N, C, H, W) → (N, C·H·W) in that order, whatever layout a device keeps inside. */
    record Flatten() implements Inner {}

    /**
     * Zeroes each element with probability p while training and scales the rest by 1/(1 − p); identity in evaluation.
     * Element i, counted in NCHW order over the whole batch, is kept when {@code Philox.unit} of word i % 4 of block i / 4
     * is ≥ p, both in float32; the stream is that of purpose DROPOUT, the node's id and the step.
     */
    record Dropout(double p) implements Inner {
        public Dropout {
            require(p >= 0 && p < 1, "dropout probability must be in [0, 1), got %s", p);
        }
    }

    /**
     * The parameter-free shortcut A of He et al. 2015, section 4.2: every second row and column when
     * {@code stride} = 2, then zero channels, half of them (rounded down) before and the rest behind.
     * x (N, inC, H, W) → y (N, outC, ⌈H/stride⌉, ⌈W/stride⌉).
     */
    record ShortcutA(int inC, int outC, int stride) implements Inner {
        public ShortcutA {
            require(outC >= inC, "a zero-padding shortcut cannot reduce channels: %d to %d", inC, outC);
            require(stride > 0, "stride must be positive, got %d", stride);
        }
    }

    /** Channels {@code from} … {@code from + count − 1}. x (N, C, H, W) → y (N, count, H, W); features (N, C) likewise. */
    record ChannelSlice(int from, int count) implements Inner {
        public ChannelSlice {
            require(from >= 0 && count > 0, "a channel slice needs channels, got %d from %d", count, from);
        }
    }

    /** Any number of inputs of equal H and W behind each other along C, or features. Source: torch.cat(dim=1). */
    record Concat() implements Inner {}

    /**
     * Channel k of group g becomes channel k · groups + g: the groups' channels interleave. x (N, C, H, W) → y of equal
     * shape. Source: Zhang et al. 2017, figure 1.
     */
    record ChannelShuffle(int groups) implements Inner {
        public ChannelShuffle {
            require(groups > 0, "groups of a channel shuffle must be positive, got %d", groups);
        }
    }

    /**
     * Mean over H and W of the sum of {@code radix} equal slices. x (N, radix·C, H, W) → y (N, C, 1, 1). Source: Zhang et
     * al. 2020, formula 2 (ResNeSt).
     */
    record RadixPool(int radix) implements Inner {
        public RadixPool {
            requireRadix(radix);
        }
    }

    /**
     * Softmax over {@code radix}, a sigmoid when it is 1. x (N, groups·radix·C, 1, 1), group first, → y (N,
     * radix·groups·C, 1, 1), radix first, as the slices lie. Source: mmcls RSoftmax.
     */
    record RadixSoftmax(int radix, int groups) implements Inner {
        public RadixSoftmax {
            requireRadix(radix);
            require(groups > 0, "groups of split attention must be positive, got %d", groups);
        }
    }

    /**
     * Weighted sum of {@code radix} equal slices: y[c] = Σᵣ a[r, c] · x[r, c]. Inputs x (N, radix·C, H, W) and a (N,
     * radix·C, 1, 1) → y (N, C, H, W). Source: Zhang et al. 2020, formula 3 (ResNeSt).
     */
    record RadixSum(int radix) implements Inner {
        public RadixSum {
            requireRadix(radix);
        }
    }

    /** An image as a sequence of tokens, a token a pixel, rows first. x (N, C, H, W) → y (N, H·W, C). */
    record ImageToTokens() implements Inner {}

    /** The reverse of {@link ImageToTokens}. x (N, height·width, C) → y (N, C, height, width). */
    record TokensToImage(int height, int width) implements Inner {
        public TokensToImage {
            require(height > 0 && width > 0, "an image of tokens must not be empty, got %d × %d", height, width);
        }
    }

    /** Tokens {@code from} … {@code from + count − 1}. x (N, L, C) → y (N, count, C). */
    record TokenSlice(int from, int count) implements Inner {
        public TokenSlice {
            require(from >= 0 && count > 0, "a slice of tokens needs from ≥ 0 and count > 0, got %d, %d", from, count);
        }
    }

    /** Puts one learned token before the others. x (N, L, C) → y (N, 1 + L, C); token (1, 1, C). */
    record ClassToken(int channels) implements Inner {
        public ClassToken {
            require(channels > 0, "embed_dims must be positive, got %d", channels);
        }
    }

    /**
     * Adds a learned row to each token: y = x + positions. x (N, L, C); positions (1, extra + stored grid, C). The first
     * {@code extra} tokens (class token) are not on the grid; when the image's grid is not the stored one, the others
     * are resized by {@link GridResize}. Source: mmcls resize_pos_embed.
     */
    record PositionEmbedding(int channels, int extra, GridResize resize) implements Inner {
        public PositionEmbedding {
            require(channels > 0, "embed_dims must be positive, got %d", channels);
            require(extra >= 0, "the number of extra tokens must not be negative, got %d", extra);
        }
    }

    /**
     * Layer normalization over the last dimension: y = (x − mean) / √(var + eps) · weight + bias with each row's own mean
     * and biased variance. x (N, …, C); weight, bias (C). Source: PyTorch nn.LayerNorm.
     */
    record LayerNorm(int channels, double eps) implements Inner {
        public LayerNorm {
            require(channels > 0, "normalized_shape must be positive, got %d", channels);
            require(eps > 0, "eps must be positive, got %s", eps);
        }
    }

    /**
     * The core of multi-head self-attention: softmax(q kᵀ / √d) v in each head. x (N, L, 3·C) holds in each row q, k and v,
     * each of them head after head → y (N, L, C), d = C / heads. While training each probability is dropped with
     * probability {@code dropout} as in {@link Dropout}, over (N, heads, L, L). Source: mmcls MultiheadAttention.
     */
    record Attention(int channels, int heads, double dropout) implements Inner {
        public Attention {
            require(heads > 0 && channels > 0, "embed_dims=%d and num_heads=%d must be positive", channels, heads);
            require(channels % heads == 0, "num_heads=%d must divide embed_dims=%d", heads, channels);
            require(dropout >= 0 && dropout < 1, "attn_drop_rate must be in [0, 1), got %s", dropout);
        }

        /** Size of a head. */
        public int headSize() {
            return channels / heads;
        }
    }

    /**
     * Stochastic depth: zeroes whole samples with probability p while training and scales the rest by 1/(1 − p);
     * identity in evaluation. Sample n draws as element n of {@link Dropout}. Source: mmcv DropPath.
     */
    record DropPath(double p) implements Inner {
        public DropPath {
            require(p >= 0 && p < 1, "drop_path_rate must be in [0, 1), got %s", p);
        }
    }

    private static void requireRadix(int radix) {
        require(radix > 0, "radix of split attention must be positive, got %d", radix);
    }

    private static void requireHalfPadding(Kernel2d k) {
        require(
                2 * k.padH() <= k.kH() && 2 * k.padW() <= k.kW(),
                "padding (%d, %d) of a pooling must be at most half of its kernel_size (%d, %d)",
                k.padH(),
                k.padW(),
                k.kH(),
                k.kW());
    }
}
