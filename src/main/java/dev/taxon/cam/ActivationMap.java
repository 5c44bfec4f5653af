package dev.taxon.cam;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import java.awt.image.BufferedImage;

/**
 * Where a network sees a class in a picture.
 *
 * @param label index of the class
 * @param heat of the size that the network takes
 * @param seen the picture as the network takes it, cut and resized
 */
public record ActivationMap(int label, HeatMap heat, Image seen) {
    /** The map in colours over the picture. */
    public BufferedImage overlay() {
        return JetOverlay.of(bytes(seen), heat);
    }

    private static Image.Bytes bytes(Image image) {
        if (image instanceof Image.Bytes b) {
            return b;
        }
        float[] values = image.toFloats().pixels();
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.clamp(Math.round(values[i]), 0, 255);
        }
        ChannelOrder order = image.order();
        return new Image.Bytes(image.height(), image.width(), order, pixels);
    }
}
