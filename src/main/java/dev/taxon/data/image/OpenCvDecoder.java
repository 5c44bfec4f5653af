package dev.taxon.data.image;

import dev.taxon.data.transform.ColorType;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageDecoder;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Decodes as OpenCV 4.6.0's imdecode does, to the bit: mmcv's image backend {@code cv2}. Also the first frame of a GIF,
 * which that OpenCV cannot read.
 */
public final class OpenCvDecoder implements ImageDecoder {
    private final ConcurrentLinkedDeque<List<Codec>> idle = new ConcurrentLinkedDeque<>();

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, ColorType type) {
        if (bytes.byteSize() == 0) {
            throw new ImageError(name, "it is empty");
        }
        List<Codec> codecs = idle.poll();
        if (codecs == null) {
            codecs = List.of(
                    new JpegCodec(), new PngCodec(), new WebpCodec(), new BmpCodec(), new PnmCodec(), new GifCodec());
        }
        try {
            for (Codec codec : codecs) {
                if (codec.accepts(bytes)) {
                    return codec.decode(name, bytes, type);
                }
            }
            throw new ImageError(
                    name,
                    isTiff(bytes)
                            ? "TIFF is not supported; convert it to PNG, which keeps its pixels"
                            : "it is not a JPEG, PNG, WebP, BMP, PNM or GIF image");
        } finally {
            idle.push(codecs);
        }
    }

    private static boolean isTiff(MemorySegment bytes) {
        if (bytes.byteSize() < Integer.BYTES) {
            return false;
        }
        int start = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        return start == 0x002A4949 || start == 0x2A004D4D || start == 0x002B4949 || start == 0x2B004D4D;
    }
}
