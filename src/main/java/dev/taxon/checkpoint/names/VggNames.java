package dev.taxon.checkpoint.names;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * VGG: torchvision and timm number convolution, batch norm, ReLU and pool each; mmcls numbers the first three together,
 * and the pool.
 */
final class VggNames implements UnaryOperator<String> {
    private static final Pattern FEATURE = Pattern.compile("features\\.(\\d+)\\.(.+)");
    private static final PrefixRules OTHERS = PrefixRules.of(
            "pre_logits\\.fc1\\.", "classifier.0.",
            "pre_logits\\.fc2\\.", "classifier.3.",
            "head\\.fc\\.", "backbone.classifier.6.");

    private final Map<Integer, String> modules;

    private VggNames(Map<Integer, String> modules) {
        this.modules = modules;
    }

    static UnaryOperator<String> of(Set<String> names) {
        TreeSet<Integer> numbers = new TreeSet<>();
        TreeSet<Integer> norms = new TreeSet<>();
        for (String name : names) {
            Matcher feature = FEATURE.matcher(name);
            if (feature.matches() && feature.group(1).length() < 4) {
                int number = Integer.parseInt(feature.group(1));
                numbers.add(number);
                if (feature.group(2).equals("running_mean")) {
                    norms.add(number);
                }
            }
        }
        int step = norms.isEmpty() ? 2 : 3; // a convolution, perhaps its batch norm, ReLU
        Map<Integer, String> modules = new HashMap<>();
        int next = 0;
        int last = -step;
        for (int number : numbers) {
            if (norms.contains(number)) {
                modules.put(number, "features." + (next - 1) + ".bn.");
                continue;
            }
            next += number - last > step ? 1 : 0; // a pool between
            modules.put(number, "features." + next++ + ".conv.");
            last = number;
        }
        return new VggNames(modules);
    }

    @Override
    public String apply(String name) {
        Matcher feature = FEATURE.matcher(name);
        if (feature.matches() && feature.group(1).length() < 4) {
            return "backbone." + modules.get(Integer.parseInt(feature.group(1))) + feature.group(2);
        }
        return OTHERS.apply(name);
    }

    /** What tells VGG in timm's names. */
    static List<String> timmSignature() {
        return List.of("features.0.weight", "pre_logits.fc1.weight");
    }
}
