package dev.taxon.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random config trees, and trees compared without their positions. */
final class Trees {
    private static final List<String> KEYS = List.of(
            "type",
            "depth",
            "a",
            "norm_cfg",
            "data_prefix",
            "class",
            "None",
            "0",
            "backbone.layer1",
            "",
            "ü",
            "a b",
            "x'y");
    private static final List<String> TEXTS = List.of(
            "",
            "ResNet",
            "it's",
            "say \"hi\"",
            "both ' and \"",
            "back\\slash",
            "line\nbreak\ttab\r",
            "\u0000\u007f\u00a0\u2028",
            "ünï\uD83D\uDE00",
            "\uD800",
            "None",
            "{{ x }}",
            "a, b",
            "data/imagenet/train/n01440764/n01440764_10026.JPEG",
            "{'a': 1}",
            "#",
            "%s");
    private static final double[] REALS = {
        0.0,
        -0.0,
        1.0,
        0.1,
        1e-5,
        1e16,
        123456789.125,
        -2.5,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final long[] INTS = {0, 1, -1, 224, Long.MAX_VALUE, Long.MIN_VALUE};

    private Trees() {}

    static Value.Dict root(Random random) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (String key : List.of("model", "x1", "_y", "data")) {
            entries.put(key, tree(random, random.nextInt(6)));
        }
        return new Value.Dict(entries, Position.UNKNOWN);
    }

    private static Value tree(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 6 : 10);
        return switch (kind) {
            case 0 -> new Value.None(Position.UNKNOWN);
            case 1 -> new Value.Bool(random.nextBoolean(), Position.UNKNOWN);
            case 2 -> new Value.Int(INTS[random.nextInt(INTS.length)], Position.UNKNOWN);
            case 3 -> new Value.Real(REALS[random.nextInt(REALS.length)], Position.UNKNOWN);
            case 4, 5 -> new Value.Text(TEXTS.get(random.nextInt(TEXTS.size())), Position.UNKNOWN);
            case 6, 7 -> {
                List<Value> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(tree(random, depth - 1));
                }
                yield new Value.Seq(items, kind == 6, Position.UNKNOWN);
            }
            default -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    entries.put(KEYS.get(random.nextInt(kind == 8 ? 5 : KEYS.size())), tree(random, depth - 1));
                }
                yield new Value.Dict(entries, Position.UNKNOWN);
            }
        };
    }

    /** The tree as text that tells everything but positions apart. */
    static String shape(Value value) {
        return switch (value) {
            case Value.None v -> "None";
            case Value.Bool v -> "bool " + v.value();
            case Value.Int v -> "int " + v.value();
            case Value.Real v -> "real " + v.value();
            case Value.Text v -> "text " + v.value().length() + " " + v.value();
            case Value.Seq v ->
                (v.tuple() ? "tuple" : "list")
                        + v.items().stream().map(Trees::shape).toList();
            case Value.Dict v -> {
                List<String> entries = new ArrayList<>();
                v.entries().forEach((key, item) -> entries.add(key.length() + " " + key + " = " + shape(item)));
                yield "dict" + entries;
            }
        };
    }
}
