package dev.taxon.data.transform;

import dev.taxon.random.Rng;
import java.nio.file.Path;

/** Reads the sample's file as a BGR image. A sample that is in memory stays. */
public record LoadImageFromFile(ImageDecoder decoder, boolean toFloat32) implements Transform {
    @Override
    public Sample apply(Sample sample, Rng rng) {
        Path file = sample.file();
        Image image = file == null ? sample.pixels() : decoder.decode(file);
        return sample.with(toFloat32 ? image.toFloats() : image);
    }
}
