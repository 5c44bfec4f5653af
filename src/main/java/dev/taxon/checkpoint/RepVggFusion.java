package dev.taxon.checkpoint;

import dev.taxon.UserError;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The re-parameterization of RepVGG: in evaluation a convolution and its norm are one convolution with a bias, the identity
 * with a norm is a convolution too, and the sum of convolutions over one input is one. Computed in double, rounded once.
 * Source: Ding et al. 2021, section 3.3; mmcls {@code switch_to_deploy}.
 */
public final class RepVggFusion {
    private static final Pattern BRANCH = Pattern.compile("(.*\\.|)branch_(?:norm|3x3|1x1)\\..*");

    private final StateDict training;
    private final double eps;

    private RepVggFusion(StateDict training, double eps) {
        this.training = training;
        this.eps = eps;
    }

    /**
     * The state dict of the model with {@code deploy=True}: {@code branch_reparam} in place of all branches of a block, other
     * entries as they are, in the order of that model.
     *
     * @param eps of the batch norms, as in norm_cfg; PyTorch's default is 1e-5
     * @throws UserError if {@code training} holds no block of a RepVGG, or one that is not whole
     */
    public static StateDict toDeploy(StateDict training, double eps) {
        RepVggFusion fusion = new RepVggFusion(training, eps);
        Map<String, Tensor> deployed = new LinkedHashMap<>();
        Set<String> blocks = new HashSet<>();
        training.tensors().forEach((name, tensor) -> {
            Matcher branch = BRANCH.matcher(name);
            if (!branch.matches()) {
                deployed.put(name, tensor);
            } else if (blocks.add(branch.group(1))) {
                fusion.block(branch.group(1), deployed);
            }
        });
        if (blocks.isEmpty()) {
            throw UserError.of("the state dict has no branch_3x3: it is no RepVGG's, or in its deployed form already");
        }
        return new StateDict(deployed);
    }

    private void block(String prefix, Map<String, Tensor> deployed) {
        Tensor kernel = entry(prefix + "branch_3x3.conv.weight");
        Shape shape = kernel.shape(); // (out, in/groups, 3, 3)
        float[] weight = new float[(int) shape.numel()];
        float[] bias = new float[shape.size(0)];
        Affine middle = new Affine(prefix + "branch_3x3.norm.");
        Affine point = new Affine(prefix + "branch_1x1.norm.");
        boolean identity = training.find(prefix + "branch_norm.weight") != null;
        Affine same = identity ? new Affine(prefix + "branch_norm.") : null;
        double[] w3 = kernel.toDoubles();
        double[] w1 = entry(prefix + "branch_1x1.conv.weight").toDoubles();
        int inputs = shape.size(1);
        int window = shape.size(2) * shape.size(3);
        for (int out = 0; out < bias.length; out++) {
            for (int in = 0; in < inputs; in++) {
                for (int k = 0; k < window; k++) {
                    int at = (out * inputs + in) * window + k;
                    double w = w3[at] * middle.scale(out);
                    if (k == window / 2) {
                        w += w1[out * inputs + in] * point.scale(out);
                        w += same != null && in == out % inputs ? same.scale(out) : 0;
                    }
                    weight[at] = (float) w;
                }
            }
            bias[out] = (float) (middle.shift(out) + point.shift(out) + (same == null ? 0 : same.shift(out)));
        }
        deployed.put(prefix + "branch_reparam.weight", Tensor.of(shape, weight));
        deployed.put(prefix + "branch_reparam.bias", Tensor.of(Shape.of(bias.length), bias));
    }

    private Tensor entry(String name) {
        Tensor tensor = training.find(name);
        if (tensor == null) {
            throw UserError.of("the state dict lacks %s, so that its block cannot be re-parameterized", name);
        }
        return tensor;
    }

    /** A batch norm in evaluation: y = scale · x + shift. */
    private final class Affine {
        private final double[] weight;
        private final double[] bias;
        private final double[] mean;
        private final double[] var;

        Affine(String prefix) {
            weight = entry(prefix + "weight").toDoubles();
            bias = entry(prefix + "bias").toDoubles();
            mean = entry(prefix + "running_mean").toDoubles();
            var = entry(prefix + "running_var").toDoubles();
        }

        double scale(int channel) {
            return weight[channel] / Math.sqrt(var[channel] + eps);
        }

        double shift(int channel) {
            return bias[channel] - mean[channel] * scale(channel);
        }
    }
}
