package dev.taxon.cam;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Resize;
import java.util.List;

/**
 * How much each pixel counts, from 0 to 1. Source of the scaling: pytorch-grad-cam, scale_cam_image.
 *
 * @param values (height, width)
 */
@SuppressWarnings("ArrayRecordComponent") // drawn once; maps are not compared
public record HeatMap(int height, int width, float[] values) {
    private static final float NO_ZERO = 1e-7f;

    /** Negative parts dropped, scaled to [0, 1], then brought to another size as OpenCV does bilinearly. */
    static HeatMap of(double[] map, FeatureMaps of, int height, int width) {
        float[] values = new float[map.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.max(map[i], 0);
        }
        return new HeatMap(of.height(), of.width(), scaled(values)).resized(height, width);
    }

    /** The mean of maps of one size, scaled to [0, 1]: one map for several layers. */
    static HeatMap ofLayers(List<HeatMap> maps) {
        HeatMap mean = mean(maps);
        return new HeatMap(mean.height, mean.width, scaled(mean.values));
    }

    /** The mean of maps of one size. */
    static HeatMap mean(List<HeatMap> maps) {
        HeatMap first = maps.getFirst();
        float[] mean = new float[first.values.length];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (HeatMap map : maps) {
                sum += map.values[i];
            }
            mean[i] = (float) (sum / maps.size());
        }
        return new HeatMap(first.height, first.width, mean);
    }

    private static float[] scaled(float[] values) {
        float min = Float.POSITIVE_INFINITY;
        for (float v : values) {
            min = Math.min(min, v);
        }
        float max = 0;
        for (float v : values) {
            max = Math.max(max, v - min);
        }
        float[] scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (values[i] - min) / (NO_ZERO + max);
        }
        return scaled;
    }

    HeatMap resized(int toHeight, int toWidth) {
        Image grey = new Image.Floats(height, width, ChannelOrder.GREY, values);
        return new HeatMap(
                toHeight,
                toWidth,
                Resize.Interpolation.BILINEAR
                        .resize(grey, toHeight, toWidth)
                        .toFloats()
                        .pixels());
    }

    /** Left and right exchanged. */
    HeatMap mirrored() {
        float[] mirrored = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            mirrored[i] = values[i / width * width + width - 1 - i % width];
        }
        return new HeatMap(height, width, mirrored);
    }
}
