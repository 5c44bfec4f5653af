package dev.taxon.bench;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;

/** The data path as Java programs write it without a library: ImageIO, Graphics2D and loops. A peer to measure against. */
final class ImageIoPath {
    private static final int SIDE = 224;
    private static final float[] MEAN = {123.675f, 116.28f, 103.53f};
    private static final float[] STD = {58.395f, 57.12f, 57.375f};

    private final BufferedImage square = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);

    /** Decode, crop as RandomResizedCrop does, resize to 224, flip, normalize; to {@code out} (3, 224, 224) from {@code at} on. */
    void sample(Path file, RandomGenerator random, float[] out, int at) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        int height = image.getHeight();
        int width = image.getWidth();
        int w = Math.min(width, height);
        int h = w;
        for (int i = 0; i < 10; i++) {
            double area = random.nextDouble(0.08, 1) * height * width;
            double aspect = Math.exp(random.nextDouble(Math.log(3 / 4.0), Math.log(4 / 3.0)));
            int wide = (int) Math.rint(Math.sqrt(area * aspect));
            int high = (int) Math.rint(Math.sqrt(area / aspect));
            if (wide > 0 && wide <= width && high > 0 && high <= height) {
                w = wide;
                h = high;
                break;
            }
        }
        int left = random.nextInt(width - w + 1);
        int top = random.nextInt(height - h + 1);
        boolean flip = random.nextDouble() < 0.5;
        Graphics2D graphics = square.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, flip ? SIDE : 0, 0, flip ? 0 : SIDE, SIDE, left, top, left + w, top + h, null);
        graphics.dispose();
        int[] pixels = ((DataBufferInt) square.getRaster().getDataBuffer()).getData();
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < pixels.length; i++) {
                out[at + c * pixels.length + i] = ((pixels[i] >> (16 - 8 * c) & 0xFF) - MEAN[c]) / STD[c];
            }
        }
    }
}
