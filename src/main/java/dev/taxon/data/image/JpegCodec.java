package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import java.lang.foreign.MemorySegment;

/** JPEG, whole pictures. */
final class JpegCodec implements Codec {
    private final JpegDecoder decoder = new JpegDecoder();
    private final NativeBuffer decoded = new NativeBuffer();

    @Override
    public boolean accepts(MemorySegment bytes) {
        return JpegDecoder.accepts(bytes);
    }

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, Decoding how) {
        ColorType type = how.type();
        decoder.open(name, bytes, how);
        ChannelOrder order = type.order(decoder.components() == 1);
        int width = decoder.width();
        int height = decoder.height();
        byte[] pixels = Limits.pixels(name, width, height, order.channels());
        MemorySegment dst = decoded.first(pixels.length);
        decoder.decode(dst, (long) width * order.channels(), 0, 0, width, height, order);
        MemorySegment.ofArray(pixels).copyFrom(dst);
        Image.Bytes image = new Image.Bytes(height, width, order, pixels);
        return type.upright() ? decoder.orientation().apply(image) : image;
    }
}
