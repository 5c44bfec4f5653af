package dev.taxon.train.hook;

import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.train.Hook;
import java.util.List;

/** Reads an item of the config key {@code custom_hooks}. */
public final class CustomHooks {
    private static final List<String> KNOWN = List.of("PreciseBNHook");

    private CustomHooks() {}

    public static Hook read(Fields f) {
        String type = f.text("type");
        Hook hook = switch (type) {
            case "PreciseBNHook" -> PreciseBnHook.read(f);
            default ->
                throw f.error("type", "'%s' is not supported; %s".formatted(type, Nearest.suggestion(type, KNOWN)));
        };
        f.done();
        return hook;
    }
}
