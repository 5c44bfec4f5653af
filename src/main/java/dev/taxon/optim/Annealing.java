package dev.taxon.optim;

/** How a value goes from start to end while a fraction goes from 0 to 1. Source: mmcv's annealing_cos and annealing_linear. */
enum Annealing {
    COS,
    LINEAR;

    double at(double start, double end, double fraction) {
        return switch (this) {
            case COS -> cos(start, end, fraction, 1);
            case LINEAR -> start + (end - start) * fraction;
        };
    }

    /** Half a cosine that starts at weight · start + (1 − weight) · end. */
    static double cos(double start, double end, double fraction, double weight) {
        return end + 0.5 * weight * (start - end) * (Math.cos(Math.PI * fraction) + 1);
    }
}
