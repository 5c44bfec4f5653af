package dev.taxon.train.hook;

import dev.taxon.config.Fields;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.RunnerSpec;

/** Reads an item of the config key {@code custom_hooks}. */
public final class CustomHooks {
    private CustomHooks() {}

    public static Hook read(Fields f, RunnerSpec runner) {
        String type = f.text("type");
        Hook hook = switch (type) {
            case "PreciseBNHook" -> PreciseBnHook.read(f, runner);
            case "EMAHook" -> EmaHook.read(f);
            case "EarlyStoppingHook" -> EarlyStoppingHook.read(f);
            case "ClassNumCheckHook" -> ClassNumCheckHook.read(f);
            case "TextLoggerHook", "TensorboardLoggerHook" -> LoggerHook.read(f, runner);
            case "EmptyCacheHook" -> {
                f.ignore("before_epoch", "after_epoch", "after_iter");
                yield needless(f, type, "memory is planned once, there is no cache to empty");
            }
            case "SyncBuffersHook" -> {
                f.ignore("distributed");
                yield new SyncBuffersHook(Priority.read(f, Priority.NORMAL));
            }
            case "DistSamplerSeedHook" -> needless(f, type, "each epoch is shuffled anew without it");
            default -> throw KnownHooks.refuse(f, type);
        };
        f.done();
        return hook;
    }

    private static Hook needless(Fields f, String type, String reason) {
        return new NeedlessHook(type, Priority.read(f, Priority.NORMAL), reason);
    }
}
