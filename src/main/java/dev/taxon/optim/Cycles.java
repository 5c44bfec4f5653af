package dev.taxon.optim;

import static dev.taxon.UserError.require;

/** The policies that rise and fall by iteration. Source: mmcv 1.7's CyclicLrUpdaterHook and OneCycleLrUpdaterHook. */
final class Cycles {
    private Cycles() {}

    static double cyclic(Policy.Cyclic p, double base, Moment now) {
        long length = now.maxIters() / p.times();
        require(length > 0, "cyclic_times=%d is more than the run's %d iterations", p.times(), now.maxIters());
        long up = (long) (p.stepUp() * length);
        long at = now.iter() % length;
        long cycle = now.iter() / length;
        double scale = Math.pow(p.gamma(), cycle);
        if (at < up) {
            double top = 1 - scale + p.up() * scale;
            return p.by().at(base, base * top, (double) at / up);
        }
        // The shrinking belongs to the end that is not the base; a cycle without a rise has none (as in mmcv).
        double start = up == 0 ? p.up() : 1 - scale + p.up() * scale;
        double end = up == 0 ? 1 - scale + p.down() * scale : p.down();
        return p.by().at(base * start, base * end, (double) (at - up) / (length - up));
    }

    static double oneCycle(Policy.OneCycle p, Moment now) {
        long total = p.totalSteps() == null ? now.maxIters() : p.totalSteps();
        require(
                total >= now.maxIters(),
                "lr_config.total_steps=%d is less than the run's %d iterations",
                total,
                now.maxIters());
        double base = p.maxLr() / p.divFactor();
        double[] ends = ends(p.pctStart(), total, p.threePhase());
        double last = 1 / p.finalDivFactor();
        double[] levels =
                p.threePhase() ? new double[] {1, p.divFactor(), 1, last} : new double[] {1, p.divFactor(), last};
        for (int i = 0; i < levels.length; i++) {
            levels[i] *= base;
        }
        return phase(p.by(), ends, levels, now.iter());
    }

    static double oneCycle(Policy.OneCycleMomentum p, Moment now) {
        double[] levels = p.threePhase()
                ? new double[] {p.max(), p.base(), p.max(), p.max()}
                : new double[] {p.max(), p.base(), p.max()};
        return phase(p.by(), ends(p.pctStart(), now.maxIters(), p.threePhase()), levels, now.iter());
    }

    /** Last iteration of each phase. */
    private static double[] ends(double pctStart, long total, boolean threePhase) {
        double up = pctStart * total - 1;
        return threePhase ? new double[] {up, 2 * pctStart * total - 2, total - 1} : new double[] {up, total - 1};
    }

    private static double phase(Annealing by, double[] ends, double[] levels, long iter) {
        int i = 0;
        while (i < ends.length - 1 && iter > ends[i]) {
            i++;
        }
        double start = i == 0 ? 0 : ends[i - 1];
        return by.at(levels[i], levels[i + 1], (iter - start) / (ends[i] - start));
    }
}
