package dev.taxon.data.image;

import dev.taxon.UserError;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** PNG, BMP and GIF (its first frame) by the JDK's own readers. */
final class JdkImages {
    private JdkImages() {}

    static Image.Bytes decode(String name, byte[] bytes, ColorType type) {
        if (type != ColorType.COLOR && type != ColorType.COLOR_IGNORE_ORIENTATION) {
            throw new ImageError(name, "of its format only color_type='color' can be read");
        }
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            var readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new ImageError(name, "it is not a PNG, JPEG, BMP or GIF image");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return toBgr(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (UserError e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's readers report damage by IllegalArgumentException and IndexOutOfBoundsException too.
            throw new ImageError(name, e.getMessage() + "; is it damaged?", e);
        }
    }

    private static Image.Bytes toBgr(BufferedImage image) {
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
