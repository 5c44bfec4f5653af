package dev.taxon.cam;

/** The first principal component of maps, found by power iteration. */
final class PrincipalComponent {
    private static final int MOST_STEPS = 2000;
    private static final double SETTLED = 1e-14; // squared change of a unit vector

    private PrincipalComponent() {}

    /**
     * Places projected on the direction in channel space in which they vary most, after the mean of each channel is taken
     * out. A direction has two signs, and a singular value decomposition gives either; this is the one along which the
     * sum over channels grows, so that what the channels agree on is positive.
     *
     * @param maps (channels, places)
     * @return (places)
     */
    static double[] project(double[] maps, int channels, int places) {
        double[] centered = centered(maps, channels, places);
        double[] direction = new double[channels];
        for (int c = 0; c < channels; c++) {
            direction[c] = 1 + 1e-3 * c; // any start that is not at right angles to the answer
        }
        normalize(direction);
        double[] along = new double[places];
        double change = 1;
        for (int step = 0; step < MOST_STEPS && change > SETTLED; step++) {
            along = times(centered, direction, channels, places);
            double[] next = new double[channels];
            for (int i = 0; i < centered.length; i++) {
                next[i / places] += centered[i] * along[i % places];
            }
            if (!normalize(next)) {
                return new double[places]; // maps without any variation
            }
            change = 0;
            for (int c = 0; c < channels; c++) {
                change += (next[c] - direction[c]) * (next[c] - direction[c]);
            }
            direction = next;
        }
        along = times(centered, direction, channels, places);
        double agreement = 0;
        for (int i = 0; i < centered.length; i++) {
            agreement += centered[i] * along[i % places];
        }
        if (agreement < 0) {
            for (int p = 0; p < places; p++) {
                along[p] = -along[p];
            }
        }
        return along;
    }

    private static double[] centered(double[] maps, int channels, int places) {
        double[] centered = maps.clone();
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int p = 0; p < places; p++) {
                sum += maps[c * places + p];
            }
            for (int p = 0; p < places; p++) {
                centered[c * places + p] -= sum / places;
            }
        }
        return centered;
    }

    private static double[] times(double[] maps, double[] direction, int channels, int places) {
        double[] along = new double[places];
        for (int c = 0; c < channels; c++) {
            for (int p = 0; p < places; p++) {
                along[p] += direction[c] * maps[c * places + p];
            }
        }
        return along;
    }

    private static boolean normalize(double[] v) {
        double norm = 0;
        for (double d : v) {
            norm += d * d;
        }
        if (!(norm > 0)) {
            return false;
        }
        for (int i = 0; i < v.length; i++) {
            v[i] /= Math.sqrt(norm);
        }
        return true;
    }
}
