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
