package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/** Cuts the middle; a side that is shorter than asked for stays as it is. Source: mmcls, CenterCrop. */
public record CenterCrop(int height, int width) implements Transform {
    public CenterCrop {
        UserError.require(
                height > 0 && width > 0, "CenterCrop.crop_size must be positive, got (%d, %d)", height, width);
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Image image = sample.pixels();
        return sample.with(image.gather(Gather.of(middle(image.height(), height), middle(image.width(), width))));
    }

    /** Python's round, to even, places the window. */
    private static int[] middle(int length, int wanted) {
        int from = Math.max(0, (int) Math.rint((length - wanted) / 2.0));
        return Gather.range(from, Math.min(wanted, length - from));
    }
}
