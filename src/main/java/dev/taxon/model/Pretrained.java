package dev.taxon.model;

import dev.taxon.config.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights that a part of a model starts with: {@code init_cfg=dict(type='Pretrained', …)}, or the old key
 * {@code pretrained} of the classifier.
 *
 * @param module the part, such as {@code backbone}; empty for the whole model
 * @param checkpoint path, URL or name of a model zoo
 * @param prefix what the part is called in the checkpoint, such as {@code backbone}; null when its names are the part's own
 */
public record Pretrained(
        String module, String checkpoint, @Nullable String prefix) {
    static final String TYPE = "Pretrained";

    /** {@code init_cfg} of a part, a dict or a list of dicts; initializers of other types are not looked at. */
    static List<Pretrained> read(Fields owner, String module) {
        List<Pretrained> all = new ArrayList<>();
        for (Fields f : owner.dicts("init_cfg")) {
            if (f.text("type").equals(TYPE)) {
                all.add(new Pretrained(module, f.text("checkpoint"), f.textOrNull("prefix")));
                f.ignore("map_location").done();
            }
        }
        return all;
    }
}
