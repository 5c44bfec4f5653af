package dev.taxon.data.transform;

import dev.taxon.random.Rng;
import java.nio.file.Path;

/**
 * Reads the sample's file as a BGR image. A sample that is in memory stays.
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
        Path file = sample.file();
        Image image = file == null ? sample.pixels() : read(file);
        return sample.with(toFloat32 ? image.toFloats() : image);
    }

    private Image.Bytes read(Path file) {
        Image.Bytes stored = decoder.decode(file);
        return upright ? Orientation.of(file).apply(stored) : stored;
    }
}
