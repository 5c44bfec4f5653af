package dev.taxon.graph;

import static dev.taxon.UserError.require;

import dev.taxon.tensor.Shape;
import java.util.List;

/** Output shape of a layer, per sample; refuses inputs that the layer cannot take, in one sentence that names it. */
final class ShapeInference {
    private ShapeInference() {}

    static Shape infer(String name, Layer layer, List<Shape> in) {
        return switch (layer) {
            case Layer.Input l -> l.shape();
            case Layer.Target l -> l.soft() ? Shape.of(l.classes()) : Shape.SCALAR;
            case Layer.Conv2d l -> {
                Shape x = image(name, in.getFirst());
                require(x.dim(0) == l.inC(), "%s expects %d input channels, got shape %s", name, l.inC(), x);
                yield window(name, x, l.outC(), l.kernel(), false);
            }
            case Layer.BatchNorm2d l -> {
                Shape x = in.getFirst();
                require(
                        (x.rank() == 1 || x.rank() == 3) && x.dim(0) == l.channels(),
                        "%s expects %d channels, got shape %s",
                        name,
                        l.channels(),
                        x);
                yield x;
            }
            case Layer.Activation l -> in.getFirst();
            case Layer.MaxPool2d l -> window(name, image(name, in.getFirst()), -1, l.kernel(), l.ceilMode());
            case Layer.AvgPool2d l -> window(name, image(name, in.getFirst()), -1, l.kernel(), l.ceilMode());
            case Layer.GlobalAvgPool l -> {
                long channels = image(name, in.getFirst()).dim(0);
                yield l.keepDims() ? Shape.of(channels, 1, 1) : Shape.of(channels);
            }
            case Layer.GeneralizedMeanPool l ->
                Shape.of(image(name, in.getFirst()).dim(0));
            case Layer.ResidualAttention l -> {
                Shape x = image(name, in.getFirst());
                require(x.dim(0) == l.inC(), "%s expects %d input channels, got shape %s", name, l.inC(), x);
                yield Shape.of(l.classes());
            }
            case Layer.Linear l -> {
                Shape x = in.getFirst();
                require(
                        (x.rank() == 1 || x.rank() == 2) && x.dim(-1) == l.in(),
                        "%s expects %d input features, got shape %s",
                        name,
                        l.in(),
                        x);
                yield x.rank() == 1 ? Shape.of(l.out()) : Shape.of(x.dim(0), l.out());
            }
            case Layer.Add l -> {
                require(in.get(0).equals(in.get(1)), "%s cannot add shapes %s and %s", name, in.get(0), in.get(1));
                yield in.getFirst();
            }
            case Layer.ChannelScale l -> {
                Shape x = image(name, in.get(0));
                require(
                        in.get(1).equals(Shape.of(x.dim(0), 1, 1)),
                        "%s scales %s: expects factors (%d, 1, 1), got shape %s",
                        name,
                        x,
                        x.dim(0),
                        in.get(1));
                yield x;
            }
            case Layer.Flatten l -> Shape.of(in.getFirst().numel());
            case Layer.Dropout l -> in.getFirst();
            case Layer.ShortcutA l -> {
                Shape x = image(name, in.getFirst());
                require(x.dim(0) == l.inC(), "%s expects %d channels, got shape %s", name, l.inC(), x);
                yield Shape.of(l.outC(), ceilDiv(x.dim(1), l.stride()), ceilDiv(x.dim(2), l.stride()));
            }
            case Layer.ChannelSlice l -> {
                Shape x = in.getFirst();
                require(
                        l.from() + l.count() <= x.dim(0),
                        "%s takes channels %d to %d, got shape %s",
                        name,
                        l.from(),
                        l.from() + l.count() - 1,
                        x);
                yield withChannels(x, l.count());
            }
            case Layer.Concat l -> concat(name, in);
            case Layer.ChannelShuffle l -> {
                Shape x = in.getFirst();
                require(x.dim(0) % l.groups() == 0, "%s: groups=%d must divide shape %s", name, l.groups(), x);
                yield x;
            }
            case Layer.RadixPool l -> Shape.of(slice(name, image(name, in.getFirst()), l.radix()), 1, 1);
            case Layer.RadixSoftmax l -> {
                Shape x = image(name, in.getFirst());
                slice(name, x, l.radix() * l.groups());
                require(x.dim(1) * x.dim(2) == 1, "%s expects (C, 1, 1), got shape %s", name, x);
                yield x;
            }
            case Layer.RadixSum l -> {
                Shape x = image(name, in.getFirst());
                require(
                        in.get(1).equals(Shape.of(x.dim(0), 1, 1)),
                        "%s cannot weigh shape %s by %s",
                        name,
                        x,
                        in.get(1));
                yield withChannels(x, slice(name, x, l.radix()));
            }
            case Layer.ImageToTokens l -> {
                Shape x = image(name, in.getFirst());
                yield Shape.of(x.dim(1) * x.dim(2), x.dim(0));
            }
            case Layer.TokensToImage l -> {
                Shape x = tokens(name, in.getFirst());
                require(
                        x.dim(0) == (long) l.height() * l.width(),
                        "%s cannot lay out %s tokens as %d × %d",
                        name,
                        x,
                        l.height(),
                        l.width());
                yield Shape.of(x.dim(1), l.height(), l.width());
            }
            case Layer.TokenSlice l -> {
                Shape x = tokens(name, in.getFirst());
                require(
                        l.from() + l.count() <= x.dim(0),
                        "%s expects at least %d tokens, got shape %s",
                        name,
                        l.from() + l.count(),
                        x);
                yield Shape.of(l.count(), x.dim(1));
            }
            case Layer.ClassToken l -> {
                Shape x = tokens(name, in.getFirst(), l.channels());
                yield Shape.of(x.dim(0) + 1, x.dim(1));
            }
            case Layer.PositionEmbedding l -> {
                Shape x = tokens(name, in.getFirst(), l.channels());
                int length = l.extra() + l.resize().to();
                require(x.dim(0) == length, "%s expects %d tokens, got shape %s", name, length, x);
                yield x;
            }
            case Layer.LayerNorm l -> {
                Shape x = in.getFirst();
                require(
                        (x.rank() == 1 || x.rank() == 2) && x.dim(-1) == l.channels(),
                        "%s expects rows of %d channels, got shape %s",
                        name,
                        l.channels(),
                        x);
                yield x;
            }
            case Layer.Attention l -> {
                Shape x = tokens(name, in.getFirst(), 3 * l.channels());
                yield Shape.of(x.dim(0), l.channels());
            }
            case Layer.DropPath l -> in.getFirst();
            case LossLayer l -> {
                Shape x = in.getFirst();
                require(
                        x.rank() == 1 && x.dim(0) == l.classes(),
                        "%s expects logits of %d classes, got shape %s",
                        name,
                        l.classes(),
                        x);
                yield Shape.SCALAR;
            }
        };
    }

    private static Shape concat(String name, List<Shape> in) {
        Shape first = in.getFirst();
        long channels = 0;
        for (Shape x : in) {
            require(
                    withChannels(x, first.dim(0)).equals(first),
                    "%s cannot concatenate shapes %s and %s along channels",
                    name,
                    first,
                    x);
            channels += x.dim(0);
        }
        return withChannels(first, channels);
    }

    private static Shape withChannels(Shape x, long channels) {
        long[] dims = x.dims();
        dims[0] = channels;
        return Shape.of(dims);
    }

    /** Channels of each of {@code parts} equal slices. */
    private static long slice(String name, Shape x, int parts) {
        require(x.dim(0) % parts == 0, "%s: %d slices must divide the channels of shape %s", name, parts, x);
        return x.dim(0) / parts;
    }

    private static long ceilDiv(long a, int b) {
        return (a + b - 1) / b;
    }

    private static Shape image(String name, Shape x) {
        require(x.rank() == 3, "%s expects an image (C, H, W), got shape %s", name, x);
        return x;
    }

    private static Shape tokens(String name, Shape x) {
        require(x.rank() == 2, "%s expects tokens (L, C), got shape %s", name, x);
        return x;
    }

    private static Shape tokens(String name, Shape x, int channels) {
        tokens(name, x);
        require(x.dim(1) == channels, "%s expects tokens of %d channels, got shape %s", name, channels, x);
        return x;
    }

    private static Shape window(String name, Shape x, int outC, Kernel2d k, boolean ceilMode) {
        int h = k.outH(x.size(1), ceilMode);
        int w = k.outW(x.size(2), ceilMode);
        require(
                h > 0 && w > 0,
                "%s: its window %dx%d does not fit the padded input %s; give a larger image",
                name,
                k.kH(),
                k.kW(),
                x);
        return Shape.of(outC < 0 ? x.dim(0) : outC, h, w);
    }
}
