package dev.taxon.cam;

import dev.taxon.UserError;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a layer's values and gradients become one map. Names and formulas are pytorch-grad-cam's. */
public enum CamMethod {
    /** Channels weighted by the mean of their gradient. Source: Selvaraju et al., arXiv 1610.02391. */
    GRAD_CAM("GradCAM") {
        @Override
        double[] weighted(FeatureMaps m) {
            return byChannel(m, (c, i) -> (double) m.gradients()[i] / m.places());
        }
    },
    /** Weighted by higher orders of the gradient. Source: Chattopadhyay et al., arXiv 1710.11063, equation 19. */
    GRAD_CAM_PLUS_PLUS("GradCAM++") {
        @Override
        double[] weighted(FeatureMaps m) {
            double[] sums = sums(m);
            return byChannel(m, (c, i) -> {
                double g = m.gradients()[i];
                return g > 0 ? g * (g * g / (2 * g * g + sums[c] * g * g * g + 1e-6)) : 0;
            });
        }
    },
    /** Weighted by the part of the class score that a channel explains. Source: Fu et al., arXiv 2008.02312. */
    X_GRAD_CAM("XGradCAM") {
        @Override
        double[] weighted(FeatureMaps m) {
            double[] sums = sums(m);
            return byChannel(m, (c, i) -> (double) m.gradients()[i] * m.values()[i] / (sums[c] + 1e-7));
        }
    },
    /** The first principal component of the values; knows no class. Source: Muhammad and Yeasin, arXiv 2008.00299. */
    EIGEN_CAM("EigenCAM") {
        @Override
        double[] weighted(FeatureMaps m) {
            return elementWise(m, i -> m.values()[i]);
        }
    },
    /** The first principal component of values times gradients. Source: pytorch-grad-cam. */
    EIGEN_GRAD_CAM("EigenGradCAM") {
        @Override
        double[] weighted(FeatureMaps m) {
            return elementWise(m, i -> (double) m.gradients()[i] * m.values()[i]);
        }
    },
    /** Each value weighted by its own positive gradient. Source: Jiang et al., IEEE TIP 2021, LayerCAM. */
    LAYER_CAM("LayerCAM") {
        @Override
        double[] weighted(FeatureMaps m) {
            return elementWise(m, i -> Math.max(m.gradients()[i], 0.0) * m.values()[i]);
        }
    };

    private final String title;

    CamMethod(String title) {
        this.title = title;
    }

    /** The name that {@code --method} takes. */
    public String title() {
        return title;
    }

    /** The method of a name, in upper or lower case. */
    public static CamMethod of(String name) {
        return Arrays.stream(values())
                .filter(m -> m.title.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> UserError.of(
                        "--method %s is not known; known are %s",
                        name, Arrays.stream(values()).map(CamMethod::title).collect(Collectors.joining(", "))));
    }

    /** The weighted values (C, H, W) that {@link #map} sums up over the channels. */
    abstract double[] weighted(FeatureMaps maps);

    /**
     * The map (H, W) of a layer, negative parts and all.
     *
     * @param eigenSmooth the first principal component instead of the sum, for a method that sums
     */
    double[] map(FeatureMaps maps, boolean eigenSmooth) {
        double[] weighted = weighted(maps);
        if (eigenSmooth || this == EIGEN_CAM || this == EIGEN_GRAD_CAM) {
            return PrincipalComponent.project(weighted, maps.channels(), maps.places());
        }
        double[] sum = new double[maps.places()];
        for (int i = 0; i < weighted.length; i++) {
            sum[i % sum.length] += weighted[i];
        }
        return sum;
    }

    private interface OfElement {
        double at(int i);
    }

    private interface OfChannel {
        double at(int channel, int i);
    }

    private static double[] elementWise(FeatureMaps m, OfElement f) {
        double[] weighted = new double[m.values().length];
        for (int i = 0; i < weighted.length; i++) {
            weighted[i] = f.at(i);
        }
        return weighted;
    }

    /** Values times one weight a channel: the sum of {@code part} over its places. */
    private static double[] byChannel(FeatureMaps m, OfChannel part) {
        double[] weights = new double[m.channels()];
        for (int i = 0; i < m.values().length; i++) {
            weights[i / m.places()] += part.at(i / m.places(), i);
        }
        return elementWise(m, i -> weights[i / m.places()] * m.values()[i]);
    }

    private static double[] sums(FeatureMaps m) {
        double[] sums = new double[m.channels()];
        for (int i = 0; i < m.values().length; i++) {
            sums[i / m.places()] += m.values()[i];
        }
        return sums;
    }
}
