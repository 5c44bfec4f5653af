package dev.taxon.data.transform;

import dev.taxon.random.Rng;
import java.nio.file.Path;

/** Reads the sample's file as a BGR image. A sample that is in memory already passes. */
public record LoadImageFromFile(ImageDecoder decoder, boolean toFloat32) implements Transform {
    @Override
    public Sample apply(Sample sample, Rng rng) {
        Path file = sample.file();
        if (file == null) {
            return sample;
        }
        Image image = decoder.decode(file);
        return sample.with(toFloat32 ? image.toFloats() : image);
    }
}
