package dev.taxon.data.image;

import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.ImageDecoder;
import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Decodes as OpenCV 4.6.0's imdecode does, to the bit: mmcv's image backend {@code cv2}. Also the first frame of a GIF,
 * which that OpenCV cannot read.
 */
public final class OpenCvDecoder implements ImageDecoder {
    private final ConcurrentLinkedDeque<List<Codec>> idle = new ConcurrentLinkedDeque<>();

    @Override
    public Image.Bytes decode(String name, MemorySegment bytes, Decoding how) {
        if (bytes.byteSize() == 0) {
            throw new ImageError(name, "it is empty");
        }
        List<Codec> codecs = idle.poll();
        if (codecs == null) {
            codecs = List.of(
                    new JpegCodec(),
                    new PngCodec(),
                    new WebpCodec(),
                    new BmpCodec(),
                    new PnmCodec(PnmCodec.Rule.OPENCV),
                    new TiffCodec(),
                    new GifCodec());
        }
        try {
            for (Codec codec : codecs) {
                if (codec.accepts(bytes)) {
                    return codec.decode(name, bytes, how);
                }
            }
            throw new ImageError(name, "it is not a JPEG, PNG, WebP, BMP, PNM, TIFF or GIF image");
        } finally {
            idle.push(codecs);
        }
    }
}
