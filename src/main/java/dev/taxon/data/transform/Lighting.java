package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import java.util.List;

/**
 * AlexNet's noise: adds eigenvectors of the colours' covariance, each times its eigenvalue times a normal number. Makes
 * float32. Source: mmcv, adjust_lighting; Krizhevsky et al. (2012), section 4.1.
 *
 * @param eigenvalues one a channel
 * @param eigenvectors (C, C), one a column
 * @param std of the normal numbers
 * @param swap exchange red and blue first
 */
public record Lighting(List<Double> eigenvalues, List<List<Double>> eigenvectors, double std, boolean swap)
        implements Transform {
    public Lighting {
        eigenvalues = List.copyOf(eigenvalues);
        eigenvectors = List.copyOf(eigenvectors);
        int n = eigenvalues.size();
        UserError.require(
                n > 0 && eigenvectors.size() == n && eigenvectors.stream().allMatch(row -> row.size() == n),
                "Lighting.eigvec must be %d lists of %d numbers, as Lighting.eigval has %d",
                n,
                n,
                n);
        UserError.require(std >= 0, "Lighting.alphastd must not be negative, got %s", std);
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Image image = sample.pixels();
        UserError.require(
                image.channels() == eigenvalues.size(),
                "%s: Lighting.eigval has %d numbers, but the image has %d channels",
                sample.name(),
                eigenvalues.size(),
                image.channels());
        double[] alpha = new double[eigenvalues.size()];
        for (int i = 0; i < alpha.length; i++) {
            alpha[i] = std * rng.nextGaussian();
        }
        return sample.with(lit(image, alpha));
    }

    /** The image with the eigenvectors added {@code alpha} times. */
    Image.Floats lit(Image image, double[] alpha) {
        Image.Floats from = (swap ? image.swapRedBlue() : image).toFloats();
        double[] added = new double[alpha.length];
        for (int c = 0; c < added.length; c++) {
            for (int i = 0; i < alpha.length; i++) {
                added[c] += eigenvectors.get(c).get(i) * alpha[i] * eigenvalues.get(i);
            }
        }
        float[] out = new float[from.pixels().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) (from.pixels()[i] + added[i % added.length]);
        }
        return new Image.Floats(from.height(), from.width(), from.order(), out);
    }
}
