package dev.taxon.data.transform;

import dev.taxon.data.source.ReadBuffer;
import dev.taxon.data.source.Source;
import dev.taxon.random.Rng;
import java.lang.foreign.MemorySegment;

/**
 * Reads the sample's source as a BGR image. A sample that is in memory stays.
 *
 * @param upright turn the picture as its EXIF orientation says: mmcls's color_type 'color'
 */
public record LoadImageFromFile(ImageDecoder decoder, boolean upright, boolean toFloat32) implements Transform {
    /** As mmcls's inference inserts it. */
    public static LoadImageFromFile plain(ImageDecoder decoder) {
        return new LoadImageFromFile(decoder, true, false);
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Source source = sample.source();
        Image image = source == null ? sample.pixels() : read(source);
        return sample.with(toFloat32 ? image.toFloats() : image);
    }

    private Image.Bytes read(Source source) {
        try (ReadBuffer buffer = new ReadBuffer()) {
            MemorySegment bytes = source.read(buffer);
            Image.Bytes stored = decoder.decode(source.name(), bytes);
            return upright ? Orientation.of(bytes).apply(stored) : stored;
        }
    }
}
