package dev.taxon.data.transform;

import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Arguments that several transforms take, read from a config with errors that say where. */
final class Arguments {
    private Arguments() {}

    /** {@code backend} and {@code interpolation}. */
    static Scaler scaler(Fields f) {
        String backend = f.text("backend", "cv2");
        return switch (backend) {
            case "cv2" -> choice(f, "interpolation", Resize.Interpolation.BILINEAR);
            case "pillow" -> choice(f, "interpolation", PillowFilter.BILINEAR);
            default -> throw f.error("backend", "must be 'cv2' or 'pillow', got '" + backend + "'");
        };
    }

    static List<Double> reals(Fields f, String key) {
        if (!f.has(key)) {
            throw f.error(key, "is missing: one number a channel");
        }
        return f.reals(key, List.of());
    }

    static List<Integer> integers(Fields f, String key, Integer... counts) {
        Value value = f.value(key);
        List<Integer> values = f.integers(key, List.of());
        if (value == null || !Arrays.asList(counts).contains(values.size())) {
            String expected = Arrays.stream(counts).map(String::valueOf).collect(Collectors.joining(" or "));
            throw f.error(key, "must have " + expected + " ints, got " + values.size());
        }
        return values;
    }

    static int positive(Fields f, String key, int value) {
        if (value < 1) {
            throw f.error(key, "must be positive, got " + value);
        }
        return value;
    }

    /** A constant of an enum by its name in small letters. */
    static <E extends Enum<E>> E choice(Fields f, String key, E otherwise) {
        String name = f.text(key, nameOf(otherwise));
        List<E> all = List.of(otherwise.getDeclaringClass().getEnumConstants());
        return all.stream().filter(e -> nameOf(e).equals(name)).findFirst().orElseThrow(() -> {
            List<String> names = all.stream().map(Arguments::nameOf).toList();
            return f.error(key, "must be one of " + names + ", got '" + name + "'");
        });
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
