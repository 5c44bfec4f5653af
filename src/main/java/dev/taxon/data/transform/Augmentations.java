package dev.taxon.data.transform;

import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the transforms that change an image at random and take many arguments. */
final class Augmentations {
    private Augmentations() {}

    static Transform randomResizedCrop(Fields f) {
        List<Integer> size = Arguments.integers(f, "size", 1, 2);
        int height = Arguments.positive(f, "size", size.getFirst());
        int width = Arguments.positive(f, "size", size.getLast());
        return new RandomResizedCrop(height, width, windowRule(f, height), Arguments.scaler(f));
    }

    private static WindowRule windowRule(Fields f, int size) {
        Range scale = range(f, "scale", new Range(0.08, 1));
        Range ratio = range(f, "ratio", new Range(3 / 4.0, 4 / 3.0));
        int attempts = f.integer("max_attempts", 10);
        double covered = f.real("min_covered", 0.1);
        int padding = f.integer("crop_padding", 32);
        return f.bool("efficientnet_style", false)
                ? new WindowRule.EfficientNet(scale, ratio, attempts, covered, size, padding)
                : new WindowRule.Inception(scale, ratio, attempts);
    }

    static Transform centerCrop(Fields f) {
        List<Integer> size = Arguments.integers(f, "crop_size", 1, 2);
        int height = Arguments.positive(f, "crop_size", size.getFirst());
        int width = Arguments.positive(f, "crop_size", size.getLast());
        Scaler scaler = Arguments.scaler(f);
        int padding = f.integer("crop_padding", 32);
        if (!f.bool("efficientnet_style", false)) {
            return new CenterCrop(height, width, null);
        }
        if (size.size() != 1) {
            throw f.error("crop_size", "must be one int with efficientnet_style=True");
        }
        return new CenterCrop(height, width, new CenterCrop.Zoomed(padding, scaler));
    }

    static Transform randomErasing(Fields f) {
        String mode = f.text("mode", "const");
        if (!mode.equals("const") && !mode.equals("rand")) {
            throw f.error("mode", "must be 'const' or 'rand', got '" + mode + "'");
        }
        return new RandomErasing(
                f.real("erase_prob", 0.5),
                new Range(f.real("min_area_ratio", 0.02), f.real("max_area_ratio", 0.4)),
                aspects(f),
                mode.equals("rand"),
                colors(f, "fill_color", List.of(128.0)),
                colors(f, "fill_std", List.of()));
    }

    /** Two numbers, or one that stands for itself and its inverse. */
    private static Range aspects(Fields f) {
        List<Double> values = f.reals("aspect_range", List.of(3 / 10.0, 10 / 3.0));
        if (values.size() == 1 && values.getFirst() > 0) {
            double least = Math.min(values.getFirst(), 1 / values.getFirst());
            return new Range(least, 1 / least);
        }
        return range(f, "aspect_range", new Range(3 / 10.0, 10 / 3.0));
    }

    static Transform lighting(Fields f) {
        List<List<Double>> vectors = new ArrayList<>();
        if (f.value("eigvec") instanceof Value.Seq rows) {
            for (var row : rows.items()) {
                vectors.add(numbers(f, row));
            }
        }
        return new Lighting(Arguments.reals(f, "eigval"), vectors, f.real("alphastd", 0.1), f.bool("to_rgb", true));
    }

    private static List<Double> numbers(Fields f, Value row) {
        if (row instanceof Value.Seq seq) {
            List<Double> numbers = new ArrayList<>();
            for (var item : seq.items()) {
                switch (item) {
                    case Value.Int i -> numbers.add((double) i.value());
                    case Value.Real r -> numbers.add(r.value());
                    default -> throw f.error("eigvec", "must hold numbers, got " + item.kind());
                }
            }
            return numbers;
        }
        throw f.error("eigvec", "must be a list of lists of numbers, got " + row.kind());
    }

    /** Three values; one stands for all. */
    private static List<Double> colors(Fields f, String key, List<Double> otherwise) {
        List<Double> values = f.reals(key, otherwise);
        if (values.size() > 1 && values.size() != 3) {
            throw f.error(key, "must be one number or three, got " + values.size());
        }
        for (double v : values) {
            if (v < 0 || v > 255) {
                throw f.error(key, "must be in [0, 255], got " + v);
            }
        }
        return values.size() == 1 ? Collections.nCopies(3, values.getFirst()) : values;
    }

    private static Range range(Fields f, String key, Range otherwise) {
        List<Double> ends = f.reals(key, List.of(otherwise.low(), otherwise.high()));
        if (ends.size() != 2 || !(ends.get(0) <= ends.get(1))) {
            throw f.error(key, "must be two numbers (least, greatest), got " + ends);
        }
        return new Range(ends.get(0), ends.get(1));
    }
}
