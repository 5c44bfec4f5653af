package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** JPEG as Pillow: CMYK is taken for Adobe's, which is inverted, and becomes RGB by Pillow's rounding. */
final class PillowJpeg implements PillowCodec {
    private final JpegDecoder decoder = new JpegDecoder();
    private final NativeBuffer decoded = new NativeBuffer();

    @Override
    public boolean accepts(MemorySegment bytes) {
        return JpegDecoder.accepts(bytes);
    }

    @Override
    public Stored decode(String name, MemorySegment bytes, Decoding how) {
        decoder.open(name, bytes, how);
        int width = decoder.width();
        int height = decoder.height();
        int stored = decoder.components();
        if (stored == 4 && how.type() == ColorType.UNCHANGED) {
            throw new ImageError(name, StoredKind.cmyk());
        }
        ChannelOrder order = stored == 1 ? ChannelOrder.GREY : ChannelOrder.BGR;
        byte[] pixels = Limits.pixels(name, width, height, order.channels());
        int channels = stored == 4 ? 4 : order.channels();
        MemorySegment dst = decoded.first((long) width * height * channels);
        if (stored == 4) {
            decoder.decodeCmyk(dst, 4L * width, 0, 0, width, height);
            rgb(dst, pixels);
        } else {
            decoder.decode(dst, (long) width * channels, 0, 0, width, height, order);
            MemorySegment.ofArray(pixels).copyFrom(dst);
        }
        return new Stored(new Image.Bytes(height, width, order, pixels), ExifOrientation.ofJpeg(bytes));
    }

    private static void rgb(MemorySegment cmyk, byte[] bgr) {
        for (int i = 0; i < bgr.length / 3; i++) {
            int light = cmyk.get(ValueLayout.JAVA_BYTE, 4L * i + 3) & 0xFF;
            for (int c = 0; c < 3; c++) {
                int ink = 255 - (cmyk.get(ValueLayout.JAVA_BYTE, 4L * i + c) & 0xFF);
                bgr[3 * i + 2 - c] = (byte) light(ink, light);
            }
        }
    }

    /** What is left of the light that black ink lets through. */
    static int light(int ink, int light) {
        return Math.max(0, light - PillowPng.dividedBy255(ink * light));
    }
}
