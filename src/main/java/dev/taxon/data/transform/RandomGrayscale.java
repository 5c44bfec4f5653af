package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/**
 * Takes the colours out of an image with a probability; it keeps three channels. As in mmcls the first channel weighs
 * as red, although the images of its pipelines begin with blue. Source: mmcls, RandomGrayscale.
 */
public record RandomGrayscale(double probability) implements Transform {
    public RandomGrayscale {
        UserError.require(
                probability >= 0 && probability <= 1,
                "RandomGrayscale.gray_prob must be in [0, 1], got %s",
                probability);
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        if (rng.nextDouble() >= probability || sample.pixels().channels() == 1) {
            return sample;
        }
        Image.Bytes image = Grey.colors(sample, "RandomGrayscale");
        byte[] grey = Grey.repeated(Grey.of(image, 0));
        return sample.with(new Image.Bytes(image.height(), image.width(), image.order(), grey));
    }
}
