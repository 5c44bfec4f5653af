package dev.taxon.data.image;

import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageError;
import dev.taxon.data.transform.Orientation;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The formats of which Pillow and OpenCV make the same pixels, but for some kinds. */
final class PillowOthers implements PillowCodec {
    private final WebpCodec webp = new WebpCodec();
    private final BmpCodec bmp = new BmpCodec();
    private final List<Codec> codecs = List.of(webp, bmp, new PnmCodec(PnmCodec.Rule.PILLOW), new GifCodec());

    @Override
    public boolean accepts(MemorySegment bytes) {
        return codecs.stream().anyMatch(codec -> codec.accepts(bytes));
    }

    @Override
    public Stored decode(String name, MemorySegment bytes, Decoding how) {
        Codec codec = codecs.stream().filter(c -> c.accepts(bytes)).findFirst().orElseThrow();
        if (codec == webp) {
            return new Stored(webp(name, bytes, how.type()), ExifOrientation.ofWebp(bytes));
        }
        refuseUnchanged(name, how.type());
        if (codec == bmp) {
            ByteInput in = new ByteInput(name, bytes);
            BmpHeader header = BmpHeader.read(in);
            if (header.run()) {
                return new Stored(PillowBmpRuns.decode(name, in, header), Orientation.AS_STORED);
            }
        }
        return new Stored(codec.decode(name, bytes, asStored(ColorType.COLOR)), Orientation.AS_STORED);
    }

    private Image.Bytes webp(String name, MemorySegment bytes, ColorType type) {
        WebpFrame frame = WebpFrame.first(name, bytes);
        if (frame == null) {
            return webp.decode(name, bytes, asStored(type));
        }
        if (type == ColorType.UNCHANGED && frame.alpha()) {
            throw new ImageError(name, StoredKind.alpha());
        }
        return frame.onCanvas(name, webp.decode(name, frame.file(), asStored(ColorType.COLOR)));
    }

    private static Decoding asStored(ColorType type) {
        return Decoding.of(type == ColorType.UNCHANGED ? type : ColorType.COLOR_IGNORE_ORIENTATION);
    }

    static void refuseUnchanged(String name, ColorType type) {
        if (type == ColorType.UNCHANGED) {
            throw new ImageError(
                    name,
                    "color_type='unchanged' of the pillow backend reads JPEG, PNG and WebP; take 'color' or 'grayscale'");
        }
    }
}
