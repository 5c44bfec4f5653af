package dev.taxon.cam;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import java.awt.image.BufferedImage;

/**
 * A heat map in colours, blue to red, over the picture that it is of. Sources: OpenCV's COLORMAP_JET; pytorch-grad-cam,
 * show_cam_on_image.
 */
final class JetOverlay {
    private JetOverlay() {}

    /** Half picture, half heat, as bright as can be. */
    static BufferedImage of(Image.Bytes picture, HeatMap heat) {
        Image.Bytes rgb = picture.in(ChannelOrder.BGR).in(ChannelOrder.RGB);
        HeatMap map = heat.resized(rgb.height(), rgb.width());
        float[] mixed = new float[rgb.pixels().length];
        float max = 0;
        for (int i = 0; i < mixed.length; i++) {
            int level = (int) (255 * Math.clamp(map.values()[i / 3], 0f, 1f));
            mixed[i] = 0.5f * (channel(level, i % 3) / 255f) + 0.5f * ((rgb.pixels()[i] & 0xFF) / 255f);
            max = Math.max(max, mixed[i]);
        }
        BufferedImage out = new BufferedImage(rgb.width(), rgb.height(), BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < mixed.length / 3; p++) {
            int color = 0;
            for (int c = 0; c < 3; c++) {
                color = color << 8 | (int) (255 * (mixed[3 * p + c] / max));
            }
            out.setRGB(p % rgb.width(), p / rgb.width(), color);
        }
        return out;
    }

    /**
     * One of 256 colours.
     *
     * @param rgb 0 is red, 2 is blue
     * @return from 0 to 255
     */
    static int channel(int level, int rgb) {
        int value = switch (rgb) {
            case 0 -> level < 192 ? 4 * (level - 96) + 2 : 252 - 4 * (level - 224);
            case 1 -> level < 128 ? 4 * (level - 32) : 4 * (223 - level);
            default -> level < 64 ? 4 * level + 128 : 254 - 4 * (level - 96);
        };
        boolean odd = rgb == 2 && level == 159; // OpenCV's table has 1 where its neighbours have 6 and 0
        return odd ? 1 : Math.clamp(value, 0, 255);
    }
}
