package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageDecoder;
import dev.taxon.data.transform.ImageError;
import dev.taxon.data.transform.Orientation;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Decodes as mmcv's image backend {@code pillow} does with Pillow 9.4, to the bit: CMYK, EXIF, grey with alpha or 16 bits and
 * the brightness of colours are not OpenCV's.
 */
public final class PillowDecoder implements ImageDecoder {
    private final ConcurrentLinkedDeque<List<PillowCodec>> idle = new ConcurrentLinkedDeque<>();

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, Decoding how) {
        if (bytes.byteSize() == 0) {
            throw new ImageError(name, "it is empty");
        }
        List<PillowCodec> codecs = idle.poll();
        if (codecs == null) {
            codecs = List.of(new PillowJpeg(), new PillowPng(), new PillowTiff(), new PillowOthers());
        }
        try {
            for (PillowCodec codec : codecs) {
                if (codec.accepts(bytes)) {
                    return finished(codec.decode(name, bytes, how), how.type());
                }
            }
            throw new ImageError(name, "it is not a JPEG, PNG, WebP, BMP, PNM, TIFF or GIF image");
        } finally {
            idle.push(codecs);
        }
    }

    private static Image.Bytes finished(PillowCodec.Stored stored, ColorType type) {
        Image.Bytes image = stored.image();
        if (type == ColorType.UNCHANGED) {
            return image;
        }
        Image.Bytes upright = type.upright() ? stored.orientation().apply(image) : image;
        ChannelOrder order = type.order(false);
        return order == ChannelOrder.GREY ? grey(upright) : upright.in(order);
    }

    /** Pillow's L of RGB: 0.299, 0.587, 0.114 in 16-bit fixed point, rounded. */
    private static Image.Bytes grey(Image.Bytes image) {
        if (image.order() == ChannelOrder.GREY) {
            return image;
        }
        byte[] from = image.pixels();
        byte[] out = new byte[from.length / 3];
        for (int i = 0; i < out.length; i++) {
            int blue = from[3 * i] & 0xFF;
            int green = from[3 * i + 1] & 0xFF;
            int red = from[3 * i + 2] & 0xFF;
            out[i] = (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
        }
        return new Image.Bytes(image.height(), image.width(), ChannelOrder.GREY, out);
    }

    /** Whether an open JPEG is the same picture to OpenCV and to Pillow, and stands upright where that counts. */
    static boolean asOpenCv(JpegDecoder jpeg, MemorySegment bytes, ColorType type) {
        return (jpeg.components() == 1 || (jpeg.components() == 3 && type.order(false) == ChannelOrder.BGR))
                && (!type.upright() || ExifOrientation.ofJpeg(bytes).equals(Orientation.AS_STORED));
    }
}
