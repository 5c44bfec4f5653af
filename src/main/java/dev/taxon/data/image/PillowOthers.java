package dev.taxon.data.image;

import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.ImageError;
import dev.taxon.data.transform.Orientation;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The formats of which Pillow and OpenCV make the same pixels, as far as they do. */
final class PillowOthers implements PillowCodec {
    private static final String CURE = "; take imdecode_backend='cv2'";

    private final WebpCodec webp = new WebpCodec();
    private final BmpCodec bmp = new BmpCodec();
    private final PnmCodec pnm = new PnmCodec();
    private final TiffCodec tiff = new TiffCodec();
    private final List<Codec> codecs = List.of(webp, bmp, pnm, tiff, new GifCodec());

    @Override
    public boolean accepts(MemorySegment bytes) {
        return codecs.stream().anyMatch(codec -> codec.accepts(bytes));
    }

    @Override
    public Stored decode(String name, MemorySegment bytes, Decoding how) {
        Codec codec = codecs.stream().filter(c -> c.accepts(bytes)).findFirst().orElseThrow();
        if (how.type() == ColorType.UNCHANGED && codec != webp) {
            throw new ImageError(
                    name,
                    "color_type='unchanged' of the pillow backend reads JPEG, PNG and WebP; take 'color' or 'grayscale'");
        }
        check(codec, name, bytes);
        Decoding stored = Decoding.of(
                how.type() == ColorType.UNCHANGED ? ColorType.UNCHANGED : ColorType.COLOR_IGNORE_ORIENTATION);
        Orientation orientation = codec == webp ? ExifOrientation.ofWebp(bytes) : Orientation.AS_STORED;
        return new Stored(codec.decode(name, bytes, stored), orientation);
    }

    private void check(Codec codec, String name, MemorySegment bytes) {
        if (codec == bmp && BmpHeader.read(new ByteInput(name, bytes)).run()) {
            throw new ImageError(name, "the pillow backend does not read BMP of run lengths" + CURE);
        }
        if (codec == pnm && !PnmCodec.isPlain(name, bytes)) {
            throw new ImageError(name, "the pillow backend reads PNM of bits and of values up to 255" + CURE);
        }
        if (codec == tiff && !TiffCodec.isPlain(name, bytes)) {
            throw new ImageError(
                    name,
                    "the pillow backend reads upright TIFF of grey, RGB and palette, 8 bits, without alpha" + CURE);
        }
    }
}
