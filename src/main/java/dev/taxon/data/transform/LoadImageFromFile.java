package dev.taxon.data.transform;

import dev.taxon.data.source.ReadBuffer;
import dev.taxon.data.source.Source;
import dev.taxon.random.Rng;

/** Reads the sample's source. A sample that is in memory stays. */
public record LoadImageFromFile(ImageDecoder decoder, Decoding decoding, boolean toFloat32) implements Transform {
    /** As mmcls's inference inserts it. */
    public static LoadImageFromFile plain(ImageDecoder decoder) {
        return new LoadImageFromFile(decoder, Decoding.of(ColorType.COLOR), false);
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Source source = sample.source();
        Image image = source == null ? sample.pixels() : read(source);
        return sample.with(toFloat32 ? image.toFloats() : image);
    }

    private Image.Bytes read(Source source) {
        try (ReadBuffer buffer = new ReadBuffer()) {
            return decoder.decode(source.name(), source.read(buffer), decoding);
        }
    }
}
