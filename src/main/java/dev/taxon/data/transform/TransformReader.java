package dev.taxon.data.transform;

import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.data.transform.Resize.Target;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Reads transforms from a config's {@code pipeline}. Unknown names and arguments are errors that say where. */
public final class TransformReader {
    private static final List<String> STEPS = List.of(
            "LoadImageFromFile",
            "Compose",
            "Resize",
            "CenterCrop",
            "RandomCrop",
            "RandomResizedCrop",
            "RandomFlip",
            "RandomGrayscale",
            "RandomErasing",
            "ColorJitter",
            "Lighting",
            "AutoAugment",
            "RandAugment",
            "Pad",
            "Normalize",
            "ImageToTensor",
            "ToTensor",
            "ToNumpy",
            "ToPIL",
            "ToHalf",
            "Transpose",
            "WrapFieldsToLists",
            "Collect");
    private static final Set<String> EFFECTS = PolicyReader.effects().keySet();

    private final ImageDecoder decoder;
    private final PolicyReader policies = new PolicyReader(this::transform);

    public TransformReader(ImageDecoder decoder) {
        this.decoder = decoder;
    }

    /**
     * All transforms of a list.
     *
     * @param dicts the items of {@code pipeline}
     */
    public Pipeline pipeline(List<Fields> dicts) {
        return new Pipeline(Fields.map(dicts, this::transform));
    }

    /** One transform. */
    public Transform transform(Fields f) {
        String type = f.text("type");
        Transform transform = switch (type) {
            case "LoadImageFromFile" -> load(f);
            case "Compose" -> pipeline(f.dicts("transforms"));
            case "Resize" -> resize(f);
            case "CenterCrop" -> Augmentations.centerCrop(f);
            case "RandomCrop" -> randomCrop(f);
            case "RandomFlip" -> new RandomFlip(f.real("flip_prob", 0.5), flipDirection(f));
            case "RandomResizedCrop" -> Augmentations.randomResizedCrop(f);
            case "RandomGrayscale" -> new RandomGrayscale(f.real("gray_prob", 0.1));
            case "RandomErasing" -> Augmentations.randomErasing(f);
            case "ColorJitter" -> new ColorJitter(f.real("brightness"), f.real("contrast"), f.real("saturation"));
            case "Lighting" -> Augmentations.lighting(f);
            case "AutoAugment" -> policies.autoAugment(f);
            case "RandAugment" -> policies.randAugment(f);
            case "Pad" -> pad(f);
            case "Normalize" ->
                new Normalize(Arguments.reals(f, "mean"), Arguments.reals(f, "std"), f.bool("to_rgb", true));
            case "ImageToTensor",
                    "ToTensor",
                    "ToNumpy",
                    "ToPIL",
                    "ToHalf",
                    "Transpose",
                    "WrapFieldsToLists",
                    "Collect" -> Formats.read(f, type);
            case "Albu" ->
                throw f.error(
                        "type",
                        "asks for the Python package albumentations, which Taxon does without; "
                                + "write the transforms of Albu.transforms as steps of their own");
            default -> other(f, type);
        };
        f.done();
        return transform;
    }

    private Transform other(Fields f, String type) {
        if (EFFECTS.contains(type)) {
            return policies.effect(f);
        }
        List<String> known =
                Stream.concat(STEPS.stream(), EFFECTS.stream().sorted()).toList();
        throw f.error("type", "names no transform: '" + type + "'; " + Nearest.suggestion(type, known));
    }

    private Transform load(Fields f) {
        ColorType type = Arguments.choice(f, "color_type", ColorType.COLOR);
        Fields client = f.dictOrNull("file_client_args");
        if (client != null && !client.text("backend", "disk").equals("disk")) {
            throw client.error("backend", "must be 'disk': images are read from files");
        }
        Decoding decoding = new Decoding(
                Arguments.choice(f, "imdecode_backend", Decoding.Backend.CV2),
                type,
                jpegShortSide(f),
                f.bool("keep_truncated", false));
        return new LoadImageFromFile(decoder, decoding, f.bool("to_float32", false));
    }

    private static int jpegShortSide(Fields f) {
        return f.has("jpeg_short_side") ? Arguments.positive(f, "jpeg_short_side", f.integer("jpeg_short_side")) : 0;
    }

    private static Transform resize(Fields f) {
        Scaler scaler = Arguments.scaler(f);
        Resize.Which side = Arguments.choice(f, "adaptive_side", Resize.Which.SHORT);
        List<Integer> size = Arguments.integers(f, "size", 1, 2);
        if (size.size() == 2 && size.get(1) == -1) {
            return new Resize(new Target.Side(Arguments.positive(f, "size", size.get(0)), side), scaler);
        }
        int height = Arguments.positive(f, "size", size.getFirst());
        int width = Arguments.positive(f, "size", size.getLast());
        return new Resize(new Target.Exact(height, width), scaler);
    }

    private static Transform randomCrop(Fields f) {
        List<Integer> size = Arguments.integers(f, "size", 1, 2);
        return new RandomCrop(
                Arguments.positive(f, "size", size.getFirst()),
                Arguments.positive(f, "size", size.getLast()),
                border(f),
                f.bool("pad_if_needed", false),
                Arguments.choice(f, "padding_mode", BorderMode.CONSTANT),
                fill(f));
    }

    /** One value for all sides; (left and right, top and bottom); or (left, top, right, bottom). */
    private static RandomCrop.Border border(Fields f) {
        if (!f.has("padding")) {
            return RandomCrop.Border.NONE;
        }
        List<Integer> p = Arguments.integers(f, "padding", 1, 2, 4);
        if (p.stream().anyMatch(v -> v < 0)) {
            throw f.error("padding", "must not be negative");
        }
        int n = p.size();
        return new RandomCrop.Border(p.get(0), p.get(1 % n), p.get(2 % n), p.get(3 % n));
    }

    private static Transform pad(Fields f) {
        boolean square = f.bool("pad_to_square", false);
        if (square == f.has("size")) {
            throw f.error("size", "or pad_to_square=True must be given, and not both");
        }
        List<Integer> size = square ? List.of(0, 0) : Arguments.integers(f, "size", 1, 2);
        return new Pad(
                size.getFirst(), size.getLast(), Arguments.choice(f, "padding_mode", BorderMode.CONSTANT), fill(f));
    }

    private static List<Double> fill(Fields f) {
        List<Double> values = f.reals("pad_val", List.of(0.0));
        if (values.size() != 1 && values.size() != 3) {
            throw f.error("pad_val", "must be one number or three, got " + values.size());
        }
        return values;
    }

    private static RandomFlip.Direction flipDirection(Fields f) {
        return Arguments.choice(f, "direction", RandomFlip.Direction.HORIZONTAL);
    }
}
