package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Grey;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** WebP, lossy and lossless, by libwebp. Its EXIF orientation is ignored, as OpenCV 4.6.0 does. */
final class WebpCodec implements Codec {
    private static final int RIFF = 0x46464952;
    private static final int WEBP = 0x50424557;
    private static final int HEADER = 12;

    private final NativeBuffer file = new NativeBuffer();
    private final NativeBuffer decoded = new NativeBuffer();
    private final MemorySegment info = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, ImageLibrary.WEBP_INFO);

    @Override
    public boolean accepts(MemorySegment bytes) {
        return bytes.byteSize() >= HEADER
                && bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0) == RIFF
                && bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 8) == WEBP;
    }

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, Decoding how) {
        ColorType type = how.type();
        MemorySegment source =
                bytes.isNative() ? bytes : file.first(bytes.byteSize()).copyFrom(bytes);
        try {
            check(name, (int) ImageLibrary.WEBP_OPEN.invokeExact(info, source, source.byteSize()));
            int width = info.getAtIndex(ValueLayout.JAVA_INT, ImageLibrary.WEBP_WIDTH);
            int height = info.getAtIndex(ValueLayout.JAVA_INT, ImageLibrary.WEBP_HEIGHT);
            if (type == ColorType.UNCHANGED && info.getAtIndex(ValueLayout.JAVA_INT, ImageLibrary.WEBP_ALPHA) == 1) {
                throw new ImageError(name, StoredKind.alpha());
            }
            byte[] pixels = Limits.pixels(name, width, height, 3);
            MemorySegment dst = decoded.first(pixels.length);
            check(name, (int)
                    ImageLibrary.WEBP_DECODE.invokeExact(dst, 3L * width, source, source.byteSize(), ImageLibrary.BGR));
            MemorySegment.ofArray(pixels).copyFrom(dst);
            Image.Bytes color = new Image.Bytes(height, width, ChannelOrder.BGR, pixels);
            return type.order(false) == ChannelOrder.GREY
                    ? new Image.Bytes(height, width, ChannelOrder.GREY, Grey.of(color, 2))
                    : color;
        } catch (Throwable e) {
            throw ImageLibrary.unexpected(e);
        }
    }

    private static void check(String name, int status) throws Throwable {
        if (status != 0) {
            throw ImageLibrary.error(name, status, (MemorySegment) ImageLibrary.WEBP_ERROR.invokeExact(status));
        }
    }
}
