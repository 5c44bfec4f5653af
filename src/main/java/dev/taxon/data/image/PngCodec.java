package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import dev.taxon.data.transform.Orientation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** PNG by libpng, with the conversions that OpenCV asks it for. */
final class PngCodec implements Codec {
    private static final long SIGNATURE = 0x0A1A0A0D474E5089L; // little-endian

    private final MemorySegment handle;
    private final MemorySegment info;
    private final NativeBuffer file = new NativeBuffer();
    private final NativeBuffer decoded = new NativeBuffer();

    PngCodec() {
        Arena arena = Arena.ofAuto();
        handle = ImageLibrary.create(ImageLibrary.PNG_CREATE, ImageLibrary.PNG_DESTROY, arena);
        info = arena.allocate(ValueLayout.JAVA_INT, ImageLibrary.PNG_INFO);
    }

    @Override
    public boolean accepts(MemorySegment bytes) {
        return bytes.byteSize() >= Long.BYTES && bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 0) == SIGNATURE;
    }

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, Decoding how) {
        ColorType type = how.type();
        open(name, bytes);
        if (type == ColorType.UNCHANGED) {
            checkUnchanged(name);
        }
        ChannelOrder order = type.order(channels() == 1);
        byte[] pixels = Limits.pixels(name, width(), height(), order.channels());
        int code = order == ChannelOrder.GREY ? ImageLibrary.GREY : ImageLibrary.BGR;
        decode(name, pixels, (long) width() * order.channels(), code);
        Image.Bytes image = new Image.Bytes(height(), width(), order, pixels);
        return type.upright() ? orientation().apply(image) : image;
    }

    private void checkUnchanged(String name) {
        if (bits() == 16) {
            throw new ImageError(name, StoredKind.sixteenBits());
        }
        if (channels() % 2 == 0 || (channels() == 3 && info(ImageLibrary.PNG_TRANSPARENT) == 1)) {
            throw new ImageError(name, StoredKind.alpha());
        }
    }

    /** Reads the header: {@link #width} and the others tell of it. {@code bytes} stay in use until {@link #decode}. */
    void open(String name, MemorySegment bytes) {
        MemorySegment source =
                bytes.isNative() ? bytes : file.first(bytes.byteSize()).copyFrom(bytes);
        try {
            check(name, (int) ImageLibrary.PNG_OPEN.invokeExact(handle, info, source, source.byteSize()));
        } catch (Throwable e) {
            throw ImageLibrary.unexpected(e);
        }
        Limits.check(name, width(), height());
    }

    /** Decodes the open file into {@code pixels} by way of native memory. */
    void decode(String name, byte[] pixels, long rowBytes, int order) {
        MemorySegment dst = decoded.first(pixels.length);
        try {
            check(name, (int) ImageLibrary.PNG_DECODE.invokeExact(handle, dst, rowBytes, order));
        } catch (Throwable e) {
            throw ImageLibrary.unexpected(e);
        }
        MemorySegment.ofArray(pixels).copyFrom(dst);
    }

    private void check(String name, int status) throws Throwable {
        if (status != 0) {
            throw ImageLibrary.error(name, status, (MemorySegment) ImageLibrary.PNG_ERROR.invokeExact(handle));
        }
    }

    int width() {
        return info(ImageLibrary.PNG_WIDTH);
    }

    int height() {
        return info(ImageLibrary.PNG_HEIGHT);
    }

    /** 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
    int channels() {
        return info(ImageLibrary.PNG_CHANNELS);
    }

    /** 8 or 16. */
    int bits() {
        return info(ImageLibrary.PNG_BITS);
    }

    /** Known after {@link #decode}. */
    Orientation orientation() {
        return Orientation.of(info(ImageLibrary.PNG_ORIENTATION));
    }

    private int info(int place) {
        return info.getAtIndex(ValueLayout.JAVA_INT, place);
    }
}
