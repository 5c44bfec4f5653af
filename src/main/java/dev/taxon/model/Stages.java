package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import java.util.List;

/** Config keys that say something of each stage of a backbone. */
final class Stages {
    private Stages() {}

    /** {@code act_cfg}, {@code conv_cfg}: only ReLU and plain convolution. */
    static void requirePlain(Fields f) {
        require(!f.has("conv_cfg"), "%s: conv_cfg is not supported, leave it None", f.path());
        Fields act = f.dictOrNull("act_cfg");
        if (act != null) {
            String type = act.text("type", "ReLU");
            require(
                    type.equals("ReLU"),
                    "%s: act_cfg of %s must be ReLU, got '%s'",
                    act.dict().at(),
                    f.path(),
                    type);
            act.ignore("inplace").done();
        }
    }

    /** A list with a positive number for each stage; what stands behind them is dropped. */
    static List<Integer> each(Fields f, String key, List<Integer> otherwise, int stages) {
        List<Integer> values = f.integers(key, otherwise);
        require(
                values.size() >= stages && values.stream().allMatch(v -> v > 0),
                "%s: %s needs a positive number for each of the %d stages, got %s",
                f.dict().at(),
                key,
                stages,
                values);
        return values.subList(0, stages);
    }

    /** {@code style}: where a bottleneck has its stride. */
    static boolean strideIn3x3(Fields f) {
        String style = f.text("style", "pytorch");
        require(
                style.equals("pytorch") || style.equals("caffe"),
                "%s: style of %s must be 'pytorch' or 'caffe', got '%s'",
                f.dict().at(),
                f.path(),
                style);
        return style.equals("pytorch");
    }
}
