package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Patches of an image as tokens: x (inChannels, H, W) → (H'·W', embedDims). Source: mmcv PatchEmbed.
 *
 * @param norm behind the convolution; null for none
 */
record PatchEmbedding(
        int inChannels,
        int embedDims,
        Kernel2d kernel,
        boolean bias,
        @Nullable TokenNorm norm) {

    /** Reads {@code in_channels} and {@code patch_size}, and {@code patch_cfg}, which overrides them. */
    static PatchEmbedding read(Fields f, int embedDims) {
        List<Integer> patch = pair(f, "patch_size", List.of(16, 16));
        int inChannels = f.integer("in_channels", 3);
        Fields own = f.dictOrNull("patch_cfg");
        if (own == null) {
            return new PatchEmbedding(inChannels, embedDims, kernel(patch, patch, 0, 1), true, null);
        }
        String type = own.text("conv_type", "Conv2d");
        require(type.equals("Conv2d"), "%s: conv_type must be 'Conv2d', got '%s'", own.path(), type);
        List<Integer> size = pair(own, "kernel_size", patch);
        PatchEmbedding embedding = new PatchEmbedding(
                inChannels,
                embedDims,
                kernel(size, pair(own, "stride", patch), padding(own), own.integer("dilation", 1)),
                own.bool("bias", true),
                own.has("norm_cfg") ? TokenNorm.read(own, TokenNorm.LN) : null);
        own.done();
        return embedding;
    }

    private static Kernel2d kernel(List<Integer> size, List<Integer> stride, int padding, int dilation) {
        return new Kernel2d(
                size.get(0), size.get(1), stride.get(0), stride.get(1), padding, padding, dilation, dilation);
    }

    /** An int, or how much mmcv pads to cover the whole image: nothing, for images whose size the patches divide. */
    private static int padding(Fields f) {
        if (!(f.value("padding") instanceof Value.Text)) {
            return f.integer("padding", 0);
        }
        String mode = f.text("padding");
        require(
                mode.equals("corner") || mode.equals("same"),
                "%s: padding must be an int, 'corner' or 'same', got '%s'",
                f.path(),
                mode);
        return 0;
    }

    /** Two ints, height first, or one for both. */
    static List<Integer> pair(Fields f, String key, List<Integer> otherwise) {
        List<Integer> values = f.integers(key, otherwise);
        require(
                values.size() == 1 || values.size() == 2,
                "%s: %s needs one or two ints, got %s",
                f.dict().at(),
                key,
                values);
        return values.size() == 2 ? values : List.of(values.getFirst(), values.getFirst());
    }

    /** Rows of patches in an image of this height. @throws UserError when the patches do not cover it evenly */
    int rows(int height) {
        return patches(height, kernel.kH(), kernel.strideH(), kernel.padH(), kernel.outH(height), "height");
    }

    /** Columns of patches in an image of this width. @throws UserError when the patches do not cover it evenly */
    int columns(int width) {
        return patches(width, kernel.kW(), kernel.strideW(), kernel.padW(), kernel.outW(width), "width");
    }

    private int patches(int extent, int size, int stride, int padding, int count, String what) {
        int covered = (count - 1) * stride + kernel.dilationH() * (size - 1) + 1;
        if (count < 1 || (padding == 0 && covered < extent)) {
            throw UserError.of(
                    "patches of %d with stride %d do not cover an image's %s of %d evenly; mmcv would pad one side with"
                            + " zeros, which is not supported: give a multiple of the patch size",
                    size, stride, what, extent);
        }
        return count;
    }

    Node build(Scope scope, Node x) {
        rows(x.shape().size(1));
        columns(x.shape().size(2));
        x = scope.child("projection").conv2d(x, new Layer.Conv2d(inChannels, embedDims, kernel, 1, bias));
        x = scope.child("flatten").apply(new Layer.ImageToTokens(), x);
        return norm == null ? x : norm.build(scope.child("norm"), x);
    }
}
