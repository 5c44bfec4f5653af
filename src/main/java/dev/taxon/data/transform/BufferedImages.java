package dev.taxon.data.transform;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;

/** Pixels of the JDK's images. */
public final class BufferedImages {
    private BufferedImages() {}

    /** Three channels, whatever the image stores: grey is repeated, alpha is dropped, 16 bits become 8. */
    public static Image.Bytes toBgr(BufferedImage image) {
        int h = image.getHeight();
        int w = image.getWidth();
        byte[] bgr = new byte[h * w * 3];
        if (isPlainGrey(image)) {
            // getRGB would apply a grey gamma to these
            grey(image.getRaster(), image.getSampleModel().getSampleSize(0), bgr);
        } else {
            int[] line = new int[w];
            for (int y = 0; y < h; y++) {
                image.getRGB(0, y, w, 1, line, 0, w);
                for (int x = 0; x < w; x++) {
                    int at = (y * w + x) * 3;
                    bgr[at] = (byte) line[x];
                    bgr[at + 1] = (byte) (line[x] >> 8);
                    bgr[at + 2] = (byte) (line[x] >> 16);
                }
            }
        }
        return new Image.Bytes(h, w, ChannelOrder.BGR, bgr);
    }

    /** The same picture as the JDK has it, without transparency. */
    public static BufferedImage of(Image.Bytes image) {
        BufferedImage picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        int[] line = new int[image.width()];
        int channels = image.channels();
        int red = image.order() == ChannelOrder.BGR ? channels - 1 : 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < line.length; x++) {
                int at = (y * line.length + x) * channels;
                int r = image.pixels()[at + red] & 0xFF;
                int g = image.pixels()[at + channels / 2] & 0xFF;
                int b = image.pixels()[at + channels - 1 - red] & 0xFF;
                line[x] = r << 16 | g << 8 | b;
            }
            picture.setRGB(0, y, line.length, 1, line, 0, line.length);
        }
        return picture;
    }

    private static boolean isPlainGrey(BufferedImage image) {
        return image.getColorModel() instanceof ComponentColorModel
                && image.getColorModel().getNumColorComponents() == 1;
    }

    private static void grey(Raster raster, int bits, byte[] bgr) {
        int w = raster.getWidth();
        for (int i = 0; i < bgr.length / 3; i++) {
            byte value = (byte) (raster.getSample(i % w, i / w, 0) >> (bits - 8));
            bgr[3 * i] = value;
            bgr[3 * i + 1] = value;
            bgr[3 * i + 2] = value;
        }
    }
}
