package dev.taxon.data.transform;

import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import java.util.List;

/** Reads the steps that shape Python's dict of results; what they ask for must be what a batch of ours is. */
final class Formats {
    private static final List<String> KEYS = List.of("img", "gt_label");

    private Formats() {}

    static Transform read(Fields f, String type) {
        for (String key : f.texts("keys", List.of())) {
            if (!KEYS.contains(key)) {
                throw f.error("keys", "names '" + key + "', which no sample has; " + Nearest.suggestion(key, KEYS));
            }
        }
        return switch (type) {
            case "ToNumpy" -> new Format(type, Format.Values.FLOAT32);
            case "ToHalf" ->
                new Format(type, f.texts("keys", KEYS).contains("img") ? Format.Values.HALF : Format.Values.KEPT);
            case "Transpose" -> transpose(f, type);
            case "Collect" -> new Format(f.ignore("meta_keys").text("type"), Format.Values.KEPT);
            default -> new Format(type, Format.Values.KEPT);
        };
    }

    private static Transform transpose(Fields f, String type) {
        List<Integer> order = f.integers("order", List.of());
        if (!order.equals(List.of(2, 0, 1))) {
            throw f.error("order", "must be [2, 0, 1], from HWC to CHW as models take it, got " + order);
        }
        return new Format(type, Format.Values.KEPT);
    }
}
