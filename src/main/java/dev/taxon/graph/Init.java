package dev.taxon.graph;

/** How a parameter starts. fan_in = shape[1]·receptive field, fan_out = shape[0]·receptive field. Source: torch.nn.init. */
public sealed interface Init {
    record Constant(double value) implements Init {}

    record Normal(double mean, double std) implements Init {}

    /** Normal cut off at {@code low} and {@code high} (absolute values, not in units of std). */
    record TruncatedNormal(double mean, double std, double low, double high) implements Init {}

    record Uniform(double low, double high) implements Init {}

    /** Normal around 0 whose std is 1 over the input channels of a group, shape[1]. Source: mmcls ShuffleNetV1. */
    record NormalByInputs() implements Init {}

    /** std = gain/√fan, gain √(2/(1 + a²)) for leaky_relu and √2 for relu; uniform bound = std·√3. */
    record Kaiming(double a, boolean fanOut, boolean relu, boolean uniform) implements Init {}

    /** std = gain·√(2/(fan_in + fan_out)); uniform bound = std·√3. */
    record Xavier(double gain, boolean uniform) implements Init {}

    /** PyTorch's default for the weight of a convolution or linear layer: Kaiming uniform with a = √5. */
    Init TORCH_WEIGHT = new Kaiming(Math.sqrt(5), false, false, true);

    Init ZEROS = new Constant(0);
    Init ONES = new Constant(1);

    /** PyTorch's default for a bias: uniform in ±1/√fan_in of its weight. */
    static Init torchBias(long fanIn) {
        double bound = 1 / Math.sqrt((double) fanIn);
        return new Uniform(-bound, bound);
    }
}
