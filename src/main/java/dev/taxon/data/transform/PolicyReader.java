package dev.taxon.data.transform;

import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.data.transform.Resize.Interpolation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads AutoAugment, RandAugment and the effects that their policies name. */
final class PolicyReader {
    private static final Map<String, List<String>> EFFECTS = Map.ofEntries(
            Map.entry("AutoContrast", List.of()),
            Map.entry("Equalize", List.of()),
            Map.entry("Invert", List.of()),
            Map.entry("Posterize", List.of("bits")),
            Map.entry("Solarize", List.of("thr")),
            Map.entry("SolarizeAdd", List.of("magnitude", "thr")),
            Map.entry("ColorTransform", List.of("magnitude", "random_negative_prob")),
            Map.entry("Contrast", List.of("magnitude", "random_negative_prob")),
            Map.entry("Brightness", List.of("magnitude", "random_negative_prob")),
            Map.entry("Sharpness", List.of("magnitude", "random_negative_prob")),
            Map.entry(
                    "Rotate", List.of("angle", "center", "scale", "pad_val", "random_negative_prob", "interpolation")),
            Map.entry("Shear", List.of("magnitude", "pad_val", "direction", "random_negative_prob", "interpolation")),
            Map.entry(
                    "Translate", List.of("magnitude", "pad_val", "direction", "random_negative_prob", "interpolation")),
            Map.entry("Cutout", List.of("shape", "pad_val")));

    /** Reads a transform that is no effect. */
    private final Function<Fields, Transform> others;

    PolicyReader(Function<Fields, Transform> others) {
        this.others = others;
    }

    /** mmcls's names of all effects, each with the keys that it takes beside {@code prob}; its magnitude is the first. */
    static Map<String, List<String>> effects() {
        return EFFECTS;
    }

    Transform autoAugment(Fields f) {
        Fields shared = f.dictOrNull("hparams");
        List<Pipeline> pipelines = new ArrayList<>();
        List<Value> policies = list(f);
        for (int i = 0; i < policies.size(); i++) {
            if (!(policies.get(i) instanceof Value.Seq steps)) {
                throw f.error(
                        "policies",
                        "must be a list of lists of dicts, but it holds a "
                                + policies.get(i).kind());
            }
            List<Transform> transforms = new ArrayList<>();
            for (int k = 0; k < steps.items().size(); k++) {
                transforms.add(policy(dict(f, steps.items().get(k), i + "." + k), shared, null));
            }
            pipelines.add(new Pipeline(transforms));
        }
        return new AutoAugment(pipelines);
    }

    Transform randAugment(Fields f) {
        Fields shared = f.dictOrNull("hparams");
        Magnitude.Levels levels = new Magnitude.Levels(f.real("magnitude_level"), f.real("total_level", 30), noise(f));
        if (levels.level() < 0) {
            throw f.error("magnitude_level", "must not be negative, got " + levels.level());
        }
        if (levels.total() <= 0) {
            throw f.error("total_level", "must be positive, got " + levels.total());
        }
        List<Transform> transforms = new ArrayList<>();
        List<Value> policies = list(f);
        for (int i = 0; i < policies.size(); i++) {
            transforms.add(policy(dict(f, policies.get(i), String.valueOf(i)), shared, levels));
        }
        return new RandAugment(transforms, Arguments.positive(f, "num_policies", f.integer("num_policies")));
    }

    private static double noise(Fields f) {
        if (f.value("magnitude_std") instanceof Value.Text text) {
            if (!text.value().equals("inf")) {
                throw f.error("magnitude_std", "must be a number or 'inf', got '" + text.value() + "'");
            }
            return Double.POSITIVE_INFINITY;
        }
        return f.real("magnitude_std", 0);
    }

    private static List<Value> list(Fields f) {
        return switch (f.value("policies")) {
            case Value.Seq seq -> seq.items();
            case Value.Text text ->
                throw f.error(
                        "policies",
                        "must be a list, got '" + text.value()
                                + "'; take one from a base config, such as {{_base_.rand_increasing_policies}}");
            case null, default -> throw f.error("policies", "must be a list of policies");
        };
    }

    private static Fields dict(Fields f, Value value, String place) {
        if (value instanceof Value.Dict dict) {
            return new Fields(dict, f.path() + ".policies." + place);
        }
        throw f.error("policies", "must hold dicts, but item " + place + " is a " + value.kind());
    }

    /** A step of AutoAugment, or with {@code levels} of RandAugment. */
    private Transform policy(Fields f, @Nullable Fields shared, Magnitude.@Nullable Levels levels) {
        List<String> keys = EFFECTS.get(f.text("type"));
        if (keys == null) {
            return others.apply(f);
        }
        return effect(shared == null ? f : merged(f, shared, keys), levels);
    }

    /** The dict with what {@code hparams} says of keys that the effect takes and the dict leaves open. */
    private static Fields merged(Fields f, Fields shared, List<String> keys) {
        Map<String, Value> entries = new LinkedHashMap<>(f.dict().entries());
        shared.dict().entries().forEach((key, value) -> {
            Value own = entries.get(key);
            if ((keys.contains(key) || key.equals("prob")) && (own == null || own instanceof Value.None)) {
                entries.put(key, value);
            }
        });
        return new Fields(new Value.Dict(entries, f.dict().at()), f.path());
    }

    /** An effect by itself, as a step of a pipeline. */
    Transform effect(Fields f) {
        return effect(f, null);
    }

    private static Transform effect(Fields f, Magnitude.@Nullable Levels levels) {
        String type = f.text("type");
        List<String> keys = EFFECTS.getOrDefault(type, List.of());
        Magnitude magnitude = keys.isEmpty() ? withoutMagnitude(f, levels) : magnitude(f, keys.getFirst(), levels);
        double negative = keys.contains("random_negative_prob") ? f.real("random_negative_prob", 0.5) : 0;
        Policy policy = new Policy(type, read(f, type, magnitude), magnitude, f.real("prob", 0.5), negative);
        f.done();
        return policy;
    }

    private static Magnitude withoutMagnitude(Fields f, Magnitude.@Nullable Levels levels) {
        if (levels != null && f.has("magnitude_key")) {
            throw f.error("magnitude_key", "must be left out: " + f.text("type") + " has no magnitude");
        }
        return Magnitude.NONE;
    }

    private static Magnitude magnitude(Fields f, String key, Magnitude.@Nullable Levels levels) {
        if (levels != null && f.has("magnitude_key")) {
            String named = f.text("magnitude_key");
            if (!named.equals(key)) {
                throw f.error("magnitude_key", "must be '" + key + "', got '" + named + "'");
            }
            List<Double> ends = f.reals("magnitude_range", List.of());
            if (ends.size() != 2) {
                throw f.error("magnitude_range", "must be two numbers (level 0, last level), got " + ends);
            }
            f.ignore(key);
            return new Magnitude.Leveled(ends.get(0), ends.get(1), levels);
        }
        return key.equals("shape") ? Magnitude.NONE : new Magnitude.Fixed(f.real(key));
    }

    private static Effect read(Fields f, String type, Magnitude magnitude) {
        return switch (type) {
            case "AutoContrast" -> Tone.Plain.AUTO_CONTRAST;
            case "Equalize" -> Tone.Plain.EQUALIZE;
            case "Invert" -> Tone.Plain.INVERT;
            case "Posterize" -> posterize(f, magnitude);
            case "Solarize" -> Tone.Plain.SOLARIZE;
            case "SolarizeAdd" -> new Tone.SolarizeAdd(f.real("thr", 128));
            case "ColorTransform" -> Enhancement.COLOR_TRANSFORM;
            case "Contrast" -> Enhancement.CONTRAST;
            case "Brightness" -> Enhancement.BRIGHTNESS;
            case "Sharpness" -> Enhancement.SHARPNESS;
            case "Rotate" ->
                new Motion.Rotate(center(f), f.real("scale", 1), fill(f), interpolation(f, Interpolation.NEAREST));
            case "Shear" -> new Motion.Shear(horizontal(f), fill(f), interpolation(f, Interpolation.BICUBIC));
            case "Translate" -> new Motion.Translate(horizontal(f), fill(f), interpolation(f, Interpolation.NEAREST));
            case "Cutout" -> cutout(f, magnitude);
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static Effect posterize(Fields f, Magnitude magnitude) {
        if (magnitude instanceof Magnitude.Fixed fixed && (fixed.value() < 0 || fixed.value() > 8)) {
            throw f.error("bits", "must be in [0, 8], got " + fixed.value());
        }
        return Tone.Plain.POSTERIZE;
    }

    private static Effect cutout(Fields f, Magnitude magnitude) {
        if (magnitude instanceof Magnitude.Leveled) {
            return new Cutout(0, 0, fill(f));
        }
        List<Double> shape = f.reals("shape", List.of());
        if (shape.isEmpty() || shape.size() > 2 || shape.stream().anyMatch(side -> side < 1)) {
            throw f.error("shape", "must be one or two positive numbers, got " + shape);
        }
        return new Cutout(shape.getFirst().intValue(), shape.getLast().intValue(), fill(f));
    }

    private static @Nullable List<Double> center(Fields f) {
        List<Double> center = f.reals("center", List.of());
        if (!center.isEmpty() && center.size() != 2) {
            throw f.error("center", "must be two numbers (x, y), got " + center);
        }
        return center.isEmpty() ? null : center;
    }

    private static List<Double> fill(Fields f) {
        List<Double> values = f.reals("pad_val", List.of(128.0));
        if (values.size() != 1 && values.size() != 3) {
            throw f.error("pad_val", "must be one number or three, got " + values.size());
        }
        return values;
    }

    private static boolean horizontal(Fields f) {
        return Arguments.choice(f, "direction", RandomFlip.Direction.HORIZONTAL) == RandomFlip.Direction.HORIZONTAL;
    }

    private static Interpolation interpolation(Fields f, Interpolation otherwise) {
        return Arguments.choice(f, "interpolation", otherwise);
    }
}
