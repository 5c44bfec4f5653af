package dev.taxon.model;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.config.Value;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Layer.Activation.LeakyRelu;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@code act_cfg}: mmcv's and PyTorch's names of element-wise functions. */
final class ActConfig {
    private static final List<String> KNOWN = List.of(
            "GELU",
            "HSigmoid",
            "HSwish",
            "Hardsigmoid",
            "Hardswish",
            "LeakyReLU",
            "ReLU",
            "ReLU6",
            "SiLU",
            "Sigmoid",
            "Swish",
            "Tanh");

    private ActConfig() {}

    /** The function of the key {@code act_cfg}; {@code otherwise} when it is absent, null when it is None. */
    static @Nullable Function read(Fields owner, Function otherwise) {
        Value value = owner.value("act_cfg");
        if (value == null) {
            return otherwise;
        }
        Fields f = owner.dictOrNull("act_cfg");
        return f == null ? null : read(f);
    }

    private static Function read(Fields f) {
        String type = f.text("type");
        f.ignore("inplace");
        Function function = switch (type) {
            case "ReLU" -> Function.RELU;
            case "ReLU6" -> Function.RELU6;
            case "LeakyReLU" -> new LeakyRelu(f.real("negative_slope", LeakyRelu.DEFAULT.negativeSlope()));
            case "Tanh" -> Function.TANH;
            case "Sigmoid" -> Function.SIGMOID;
            case "HSwish", "Hardswish" -> Function.HSWISH;
            case "Hardsigmoid" -> HardSigmoid.DEFAULT;
            case "HSigmoid" ->
                new HardSigmoid(
                        f.real("bias", HardSigmoid.DEFAULT.bias()),
                        f.real("divisor", HardSigmoid.DEFAULT.divisor()),
                        f.real("min_value", HardSigmoid.DEFAULT.min()),
                        f.real("max_value", HardSigmoid.DEFAULT.max()));
            case "Swish", "SiLU" -> Function.SWISH;
            case "GELU" -> Function.GELU;
            default ->
                throw UserError.of(
                        "%s: unknown activation '%s' in %s; %s",
                        f.dict().at(), type, f.path(), Nearest.suggestion(type, KNOWN));
        };
        f.done();
        return function;
    }
}
