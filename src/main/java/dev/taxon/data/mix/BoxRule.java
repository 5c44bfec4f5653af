package dev.taxon.data.mix;

import dev.taxon.UserError;
import dev.taxon.data.mix.Plan.Box;
import dev.taxon.random.Rng;
import java.util.List;

/**
 * Where the other sample's part goes. Source: mmcls 0.25, BatchCutMix; Yun et al. (2019).
 *
 * @param minmax least and greatest part of a side, drawn evenly; empty: both sides are √(1 − λ) of the image's
 * @param correct λ becomes the part of the image that is outside the box
 */
record BoxRule(List<Double> minmax, boolean correct) {
    BoxRule {
        minmax = List.copyOf(minmax);
        UserError.require(
                minmax.isEmpty() || (minmax.size() == 2 && inOrder(0, minmax.get(0), minmax.get(1), 1)),
                "cutmix_minmax must be two numbers 0 <= least <= greatest <= 1, got %s",
                minmax);
    }

    private static boolean inOrder(double a, double b, double c, double d) {
        return a <= b && b <= c && c <= d;
    }

    Box box(double lambda, int height, int width, Rng rng) {
        if (minmax.isEmpty()) {
            double part = Math.sqrt(1 - lambda);
            int y = rng.nextInt(height);
            int x = rng.nextInt(width);
            return around(y, x, (int) (height * part), (int) (width * part), height, width);
        }
        int h = side(height, rng);
        int w = side(width, rng);
        int top = rng.nextInt(Math.max(1, height - h)); // as numpy's randint: the last place is never drawn
        int left = rng.nextInt(Math.max(1, width - w));
        return new Box(top, top + h, left, left + w);
    }

    /** A box around (y, x), cut off at the image's edges. */
    static Box around(int y, int x, int boxHeight, int boxWidth, int height, int width) {
        return new Box(
                Math.clamp(y - boxHeight / 2, 0, height),
                Math.clamp(y + boxHeight / 2, 0, height),
                Math.clamp(x - boxWidth / 2, 0, width),
                Math.clamp(x + boxWidth / 2, 0, width));
    }

    private int side(int length, Rng rng) {
        int least = (int) (length * minmax.get(0));
        int most = (int) (length * minmax.get(1));
        return least + (most > least ? rng.nextInt(most - least) : 0);
    }

    /** λ once the box is known. */
    double lambda(double drawn, Box box, int height, int width) {
        boolean corrected = correct || !minmax.isEmpty();
        return corrected ? 1 - box.height() * box.width() / (double) (height * width) : drawn;
    }
}
