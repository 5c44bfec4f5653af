package dev.taxon.train.hook;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** mmcv's and mmcls's hooks that Taxon does not have: why, and what to do. */
final class KnownHooks {
    /** Services that a log could be sent to. */
    private static final Set<String> SERVICES = Set.of(
            "WandbLoggerHook",
            "MMClsWandbHook",
            "MlflowLoggerHook",
            "NeptuneLoggerHook",
            "DvcliveLoggerHook",
            "ClearMLLoggerHook",
            "PaviLoggerHook",
            "SegmindLoggerHook");

    private static final Map<String, String> OTHERS = Map.of(
            "Fp16OptimizerHook", "asks for mixed precision: leave it out, and set fp16 = dict(loss_scale='dynamic')",
            "GradientCumulativeFp16OptimizerHook",
                    "asks for mixed precision: leave it out, and set fp16 = dict(loss_scale='dynamic')",
            "ProfilerHook", "profiles PyTorch, which is not here; leave it out",
            "RFSearchHook", "searches for dilations, which is not supported; leave it out",
            "ClosureHook", "runs a Python function, which a config cannot hold; leave it out");

    /** Hooks that can be named in {@code custom_hooks} or {@code log_config.hooks}. */
    private static final List<String> SUPPORTED = List.of(
            "ClassNumCheckHook",
            "DistSamplerSeedHook",
            "EMAHook",
            "EarlyStoppingHook",
            "EmptyCacheHook",
            "PreciseBNHook",
            "SyncBuffersHook",
            "TensorboardLoggerHook",
            "TextLoggerHook");

    private KnownHooks() {}

    /** The sentence for a hook that cannot be had. */
    static UserError refuse(Fields f, String type) {
        if (SERVICES.contains(type)) {
            return f.error(
                    "type",
                    "'%s' sends the log to a service, which Taxon does not; leave it out, or use TensorboardLoggerHook,"
                                    .formatted(type)
                            + " whose files such services import");
        }
        String reason = OTHERS.get(type);
        if (reason != null) {
            return f.error("type", "'%s' %s".formatted(type, reason));
        }
        return f.error("type", "'%s' is not supported; %s".formatted(type, Nearest.suggestion(type, SUPPORTED)));
    }
}
