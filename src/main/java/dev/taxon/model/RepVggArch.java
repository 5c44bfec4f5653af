package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.IntKey;
import dev.taxon.config.Nearest;
import dev.taxon.config.Value;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that make a RepVGG.
 *
 * @param blocks of each stage
 * @param widths of each stage over base_channels · 2^stage
 * @param groups of some blocks, which count from 1 through all stages
 * @param squeeze squeeze-and-excitation behind the branches; null for none
 * @param stemChannels at most
 */
record RepVggArch(
        List<Integer> blocks,
        List<Double> widths,
        Map<Integer, Integer> groups,
        @Nullable Squeeze squeeze,
        int stemChannels) {

    /** Channels between the two convolutions: the multiple of {@code divisor} next to channels / ratio. */
    record Squeeze(int ratio, int divisor) {
        Squeeze {
            require(
                    ratio > 0 && divisor > 0,
                    "ratio and divisor of se_cfg must be positive, got %d, %d",
                    ratio,
                    divisor);
        }
    }

    private static final int STEM = 64;
    private static final Map<String, RepVggArch> NAMED = named();

    RepVggArch {
        require(
                !blocks.isEmpty() && blocks.stream().allMatch(b -> b > 0),
                "arch.num_blocks of RepVGG must be positive numbers, got %s",
                blocks);
        require(
                widths.size() == blocks.size() && widths.stream().allMatch(w -> w > 0),
                "arch.width_factor of RepVGG must be a positive number for each of %d stages, got %s",
                blocks.size(),
                widths);
    }

    /** Groups of the block with this number. */
    int groups(int block) {
        return groups.getOrDefault(block, 1);
    }

    private static Map<String, RepVggArch> named() {
        List<Integer> a = List.of(2, 4, 14, 1);
        List<Integer> b = List.of(4, 6, 16, 1);
        Map<String, RepVggArch> named = new TreeMap<>();
        named.put("A0", plain(a, 0.75, 2.5));
        named.put("A1", plain(a, 1, 2.5));
        named.put("A2", plain(a, 1.5, 2.75));
        named.put("B0", plain(b, 1, 2.5));
        named.put("B1", plain(b, 2, 4));
        named.put("B2", plain(b, 2.5, 5));
        named.put("B3", plain(b, 3, 5));
        for (String name : List.of("B1", "B2", "B3")) {
            for (int groups : List.of(2, 4)) {
                named.put(name + "g" + groups, grouped(named.getOrDefault(name, plain(b, 1, 1)), groups));
            }
        }
        List<Double> wide = List.of(2.5, 2.5, 2.5, 5.0);
        named.put("D2se", new RepVggArch(List.of(8, 14, 24, 1), wide, Map.of(), new Squeeze(16, 1), STEM));
        named.put(
                "yolox-pai-small",
                new RepVggArch(List.of(3, 5, 7, 3), List.of(1.0, 1.0, 1.0, 1.0), Map.of(), null, 32));
        return named;
    }

    /** The first three stages have one width. */
    private static RepVggArch plain(List<Integer> blocks, double width, double last) {
        return new RepVggArch(blocks, List.of(width, width, width, last), Map.of(), null, STEM);
    }

    /** Every second block, up to 26. */
    private static RepVggArch grouped(RepVggArch arch, int groups) {
        Map<Integer, Integer> map = new TreeMap<>();
        for (int block = 2; block <= 26; block += 2) {
            map.put(block, groups);
        }
        return new RepVggArch(arch.blocks, arch.widths, map, arch.squeeze, arch.stemChannels);
    }

    /** The key {@code arch}: a name or a dict. */
    static RepVggArch read(Fields f) {
        if (f.value("arch") instanceof Value.Dict) {
            Fields a = f.dict("arch");
            Fields se = a.dictOrNull("se_cfg");
            Squeeze squeeze = se == null ? null : new Squeeze(se.integer("ratio", 16), se.integer("divisor", 8));
            if (se != null) {
                se.done();
            }
            RepVggArch arch = new RepVggArch(
                    a.integers("num_blocks", List.of()),
                    a.reals("width_factor", List.of()),
                    groupMap(a),
                    squeeze,
                    a.integer("stem_channels", STEM));
            a.done();
            return arch;
        }
        String name = f.text("arch");
        RepVggArch arch = NAMED.get(name);
        if (arch == null) {
            throw UserError.of(
                    "%s: unknown arch '%s' of RepVGG; %s",
                    f.dict().at(), name, Nearest.suggestion(name, NAMED.keySet()));
        }
        return arch;
    }

    private static Map<Integer, Integer> groupMap(Fields arch) {
        Map<Integer, Integer> groups = new TreeMap<>();
        Fields map = arch.dictOrNull("group_layer_map");
        if (map != null) {
            for (String block : map.dict().entries().keySet()) {
                String number = IntKey.shown(block); // JSON has string keys only
                require(
                        number.matches("\\d{1,6}"),
                        "%s: group_layer_map names blocks by number, got '%s'",
                        map.path(),
                        number);
                groups.put(Integer.valueOf(number), map.integer(block));
            }
        }
        return groups;
    }
}
