package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/** Numbers from {@code low} to {@code high}. */
public record Range(double low, double high) {
    public Range {
        UserError.require(low <= high, "a range must be (least, greatest), got (%s, %s)", low, high);
    }

    /** One of them, each as likely. */
    double draw(Rng rng) {
        return rng.uniform(low, high);
    }

    @Override
    public String toString() {
        return "(" + low + ", " + high + ")";
    }
}
