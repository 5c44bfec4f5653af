package dev.taxon.cam;

import static dev.taxon.UserError.require;

import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;

/**
 * What a layer gave for one image, and the gradient of the explained class by it.
 *
 * @param values (C, H, W)
 * @param gradients (C, H, W)
 */
@SuppressWarnings("ArrayRecordComponent") // made, summed up and dropped
record FeatureMaps(int channels, int height, int width, float[] values, float[] gradients) {
    FeatureMaps {
        if (values.length != channels * height * width || gradients.length != values.length) {
            throw new IllegalArgumentException(values.length + " values, " + gradients.length + " gradients");
        }
    }

    /**
     * The maps of an image layer (C, H, W), or of a layer of tokens (L, C) without the first ones, which stand for no place.
     *
     * @param extraTokens number of those
     * @param grid (H, W) of the tokens where the network tells; else they must be a square
     */
    static FeatureMaps of(Node node, float[] values, float[] gradients, int extraTokens, Shape grid) {
        Shape shape = node.shape();
        if (shape.rank() == 3) {
            return new FeatureMaps(shape.size(0), shape.size(1), shape.size(2), values, gradients);
        }
        int channels = shape.size(1);
        int places = shape.size(0) - extraTokens;
        int height = places == grid.numel() ? grid.size(0) : (int) Math.sqrt(places);
        int width = places == grid.numel() ? grid.size(1) : height;
        require(
                places > 0 && height * width == places,
                "layer %s has %d tokens, and without %d extra ones they are no square map; give the right"
                        + " --num-extra-tokens",
                node.name(),
                shape.size(0),
                extraTokens);
        return new FeatureMaps(
                channels,
                height,
                width,
                transposed(values, extraTokens, places, channels),
                transposed(gradients, extraTokens, places, channels));
    }

    private static float[] transposed(float[] tokens, int first, int places, int channels) {
        float[] maps = new float[channels * places];
        for (int p = 0; p < places; p++) {
            for (int c = 0; c < channels; c++) {
                maps[c * places + p] = tokens[(first + p) * channels + c];
            }
        }
        return maps;
    }

    int places() {
        return height * width;
    }
}
