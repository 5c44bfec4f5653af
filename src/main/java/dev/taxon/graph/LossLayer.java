package dev.taxon.graph;

import static dev.taxon.UserError.require;

import java.util.List;

/**
 * The last node of a graph: a scalar, {@code lossWeight · reduction} of what each sample loses. Inputs: logits
 * (N, classes) and a {@link Layer.Target}; class indices count as one-hot rows t (N, classes). Source of all: mmcls 0.25.
 */
public sealed interface LossLayer extends Layer {
    int classes();

    Reduction reduction();

    double lossWeight();

    /** What the sum over a batch of N samples is divided by: N, N · classes, or nothing. */
    enum Reduction {
        BATCH_MEAN,
        ELEMENT_MEAN,
        SUM;

        /** 1 over the divisor. */
        public double factor(int batch, int classes) {
            return switch (this) {
                case BATCH_MEAN -> 1.0 / batch;
                case ELEMENT_MEAN -> 1.0 / batch / classes;
                case SUM -> 1;
            };
        }
    }

    /**
     * −Σₖ wₖ · t'ₖ · log softmax(x)ₖ with t' = t · smoothing.scale + smoothing.shift.
     *
     * @param classWeight w, one for each class; empty for ones
     */
    record SoftmaxCrossEntropy(
            int classes, Smoothing smoothing, List<Double> classWeight, Reduction reduction, double lossWeight)
            implements LossLayer {
        public SoftmaxCrossEntropy {
            classWeight = List.copyOf(classWeight);
            requireWeights("class_weight", classWeight, classes);
        }

        public SoftmaxCrossEntropy(int classes, Smoothing smoothing, double lossWeight) {
            this(classes, smoothing, List.of(), Reduction.BATCH_MEAN, lossWeight);
        }
    }

    /** Label smoothing as an affine map of the targets; mmcls mode 'original' with ε is scale 1 − ε, shift ε/K. */
    record Smoothing(double scale, double shift) {
        public static final Smoothing NONE = new Smoothing(1, 0);
    }

    /**
     * Σₖ wₖ · ((1 − t'ₖ) · xₖ + (1 + (posₖ − 1) · t'ₖ) · log(1 + e^(−xₖ))). Source: PyTorch
     * binary_cross_entropy_with_logits.
     *
     * @param classWeight w, one for each class; empty for ones
     * @param posWeight pos, one for each class; empty for ones
     * @param smoothing ε of mmcls's mode 'multi_label', where t' = 1 − ε for t > 0 and ε else; negative for t' = t
     */
    record BinaryCrossEntropy(
            int classes,
            List<Double> classWeight,
            List<Double> posWeight,
            double smoothing,
            Reduction reduction,
            double lossWeight)
            implements LossLayer {
        public BinaryCrossEntropy {
            classWeight = List.copyOf(classWeight);
            posWeight = List.copyOf(posWeight);
            requireWeights("class_weight", classWeight, classes);
            requireWeights("pos_weight", posWeight, classes);
            require(smoothing < 1, "label_smooth_val must be less than 1, got %s", smoothing);
        }
    }

    /**
     * Σₖ (αt + (1 − α)(1 − t)) · mᵞ · bce(x, t) with m = (1 − p)t + p(1 − t), p = sigmoid(x), and bce the
     * {@link BinaryCrossEntropy} of one element. Source: Lin et al. 2017, as mmcls has it.
     */
    record FocalLoss(int classes, double gamma, double alpha, Reduction reduction, double lossWeight)
            implements LossLayer {
        public FocalLoss {
            require(gamma >= 0, "gamma must not be negative, got %s", gamma);
        }
    }

    /**
     * Σₖ −log max(q, eps) · (1 − q)^(gammaPos · t + gammaNeg · (1 − t)) with q = t · p + (1 − t) · min(1 − p + clip, 1).
     * Source: Ridnik et al. 2020, as mmcls has it.
     *
     * @param sigmoid p = sigmoid(x), else p = softmax(x)
     * @param clip probability margin; 0 for none
     */
    record AsymmetricLoss(
            int classes,
            double gammaPos,
            double gammaNeg,
            double clip,
            double eps,
            boolean sigmoid,
            Reduction reduction,
            double lossWeight)
            implements LossLayer {
        public AsymmetricLoss {
            require(gammaPos >= 0, "gamma_pos must not be negative, got %s", gammaPos);
            require(gammaNeg >= 0, "gamma_neg must not be negative, got %s", gammaNeg);
            require(clip >= 0, "clip must not be negative, got %s", clip);
            require(eps > 0, "eps must be positive, got %s", eps);
        }
    }

    /**
     * Cross entropy of x + log s, where for a sample of class i sᵢ = 1 and else sⱼ = min(1, cⱼ/cᵢ)ᵖ · max(1, σⱼ/max(σᵢ, eps))^q
     * with σ = softmax(x), and c how many samples of each class training has seen, this batch among them, at least 1.
     * The gradient takes s for a constant. Buffer: c (classes). Class indices only. Source: Wang et al. 2021, as mmcls
     * has it.
     */
    record SeesawLoss(int classes, double p, double q, double eps, Reduction reduction, double lossWeight)
            implements LossLayer {
        public SeesawLoss {
            require(eps > 0, "eps must be positive, got %s", eps);
        }
    }

    private static void requireWeights(String key, List<Double> weights, int classes) {
        require(
                weights.isEmpty() || weights.size() == classes,
                "%s must have a number for each of the %d classes, got %d",
                key,
                classes,
                weights.size());
    }
}
