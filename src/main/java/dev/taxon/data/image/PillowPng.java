package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * PNG as Pillow: grey of 16 bits ends at 255, other 16 bits lose the low byte; grey with alpha of 8 bits lies on a canvas
 * that mmcv chose, other alpha is dropped.
 */
final class PillowPng implements PillowCodec {
    private static final int[] CANVAS = {104, 117, 124}; // blue, green, red
    private static final int BITS_AT = 24; // in the file: of a sample, then the kind of colours
    private static final int PALETTE = 3;

    private final PngCodec png = new PngCodec();

    @Override
    public boolean accepts(MemorySegment bytes) {
        return png.accepts(bytes);
    }

    @Override
    public Stored decode(String name, MemorySegment bytes, Decoding how) {
        png.open(name, bytes);
        boolean wide = png.bits() == 16;
        if (how.type() == ColorType.UNCHANGED) {
            checkUnchanged(name, bytes, wide);
        }
        Image.Bytes image = switch (png.channels()) {
            case 1 -> wide ? clamped(name) : plain(name, ChannelOrder.GREY);
            case 2 -> wide ? highBytes(name) : onCanvas(name);
            default -> plain(name, ChannelOrder.BGR);
        };
        return new Stored(image, png.orientation());
    }

    private void checkUnchanged(String name, MemorySegment bytes, boolean wide) {
        if (png.channels() % 2 == 0) {
            throw new ImageError(name, StoredKind.alpha());
        }
        if (wide && png.channels() == 1) {
            throw new ImageError(name, StoredKind.sixteenBits());
        }
        int bits = bytes.get(ValueLayout.JAVA_BYTE, BITS_AT);
        if (bytes.get(ValueLayout.JAVA_BYTE, BITS_AT + 1) == PALETTE || bits == 1) {
            throw new ImageError(
                    name,
                    "color_type='unchanged' of the pillow backend would keep the numbers of its palette, or its bits;"
                            + " take 'color' or 'grayscale'");
        }
    }

    private Image.Bytes plain(String name, ChannelOrder order) {
        byte[] pixels = Limits.pixels(name, png.width(), png.height(), order.channels());
        int code = order == ChannelOrder.GREY ? ImageLibrary.GREY : ImageLibrary.BGR;
        png.decode(name, pixels, (long) png.width() * order.channels(), code);
        return new Image.Bytes(png.height(), png.width(), order, pixels);
    }

    /** The file's own samples, all channels, big-endian where they have 16 bits. */
    private byte[] samples(String name, int bytesAPixel) {
        byte[] samples = Limits.pixels(name, png.width(), png.height(), bytesAPixel);
        png.decode(name, samples, (long) png.width() * bytesAPixel, ImageLibrary.STORED);
        return samples;
    }

    private Image.Bytes clamped(String name) {
        byte[] samples = samples(name, 2);
        byte[] grey = new byte[samples.length / 2];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = samples[2 * i] != 0 ? (byte) 255 : samples[2 * i + 1];
        }
        return new Image.Bytes(png.height(), png.width(), ChannelOrder.GREY, grey);
    }

    private Image.Bytes highBytes(String name) {
        byte[] samples = samples(name, 4);
        byte[] grey = new byte[samples.length / 4];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = samples[4 * i];
        }
        return new Image.Bytes(png.height(), png.width(), ChannelOrder.GREY, grey);
    }

    private Image.Bytes onCanvas(String name) {
        byte[] samples = samples(name, 2);
        byte[] pixels = Limits.pixels(name, png.width(), png.height(), 3);
        for (int i = 0; i < samples.length / 2; i++) {
            int grey = samples[2 * i] & 0xFF;
            int alpha = samples[2 * i + 1] & 0xFF;
            for (int c = 0; c < 3; c++) {
                pixels[3 * i + c] = (byte) onCanvas(c, grey, alpha);
            }
        }
        return new Image.Bytes(png.height(), png.width(), ChannelOrder.BGR, pixels);
    }

    /** Blue (0), green or red of grey with alpha. */
    static int onCanvas(int channel, int grey, int alpha) {
        return dividedBy255(CANVAS[channel] * (255 - alpha) + grey * alpha);
    }

    /** Pillow's division of products of bytes by 255, rounded. */
    static int dividedBy255(int product) {
        int t = product + 128;
        return ((t >> 8) + t) >> 8;
    }
}
