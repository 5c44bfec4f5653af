package dev.taxon.checkpoint;

import dev.taxon.checkpoint.names.Families;
import dev.taxon.checkpoint.names.Family;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A state dict under the names that fit a model best: its own, those of a family of torchvision or timm translated, or with
 * {@code backbone.} put before them.
 *
 * @param dict under mmcls's names
 * @param note what was done to the names; empty if nothing
 */
record Naming(StateDict dict, String note) {
    private static final String BACKBONE = "backbone.";

    /** The naming by which most of the wanted names are there; the file's own unless another has more, and most of all. */
    static Naming best(StateDict dict, Set<String> wanted) {
        StateDict plain = KeyMap.DEFAULT.rename(dict); // mmcv does this always
        Naming best = new Naming(plain, "");
        Naming inBackbone = new Naming(plain.within(BACKBONE), "'backbone.' put before its names");
        boolean whole = wanted.stream().filter(n -> n.startsWith(BACKBONE)).allMatch(inBackbone.dict.names()::contains);
        if (whole && inBackbone.matches(wanted) > best.matches(wanted)) {
            best = inBackbone;
        }
        for (Family family : Families.recognizing(plain.names())) {
            Naming translated = new Naming(family.translate(plain), "names of " + family.title() + " translated");
            boolean likely = translated.matches(wanted) > wanted.size() / 2; // not another family's that shares head.fc
            if (likely && translated.matches(wanted) > best.matches(wanted)) {
                best = translated;
            }
        }
        return best;
    }

    private long matches(Set<String> wanted) {
        return dict.names().stream().filter(wanted::contains).count();
    }

    /** The prefix that, put before all names or taken from them, makes the most of them match, as a sentence; or empty. */
    static String hint(Set<String> model, Set<String> checkpoint) {
        Map<String, Integer> added = new LinkedHashMap<>();
        Map<String, Integer> stripped = new LinkedHashMap<>();
        count(model, checkpoint, added);
        count(checkpoint, model, stripped);
        long best = model.stream().filter(checkpoint::contains).count();
        String hint = "";
        for (Map.Entry<String, Integer> prefix : added.entrySet()) {
            if (prefix.getValue() > best) {
                best = prefix.getValue();
                hint = best + " names would match with '" + prefix.getKey()
                        + "' put before those of the checkpoint: engine" + " convert IN OUT --add-prefix "
                        + prefix.getKey();
            }
        }
        for (Map.Entry<String, Integer> prefix : stripped.entrySet()) {
            if (prefix.getValue() > best) {
                best = prefix.getValue();
                hint = best + " names would match without '" + prefix.getKey()
                        + "' before those of the checkpoint: engine" + " convert IN OUT --strip-prefix "
                        + prefix.getKey();
            }
        }
        return hint;
    }

    /** For each prefix P, how many of {@code longer} are P and a name of {@code shorter}. */
    private static void count(Set<String> longer, Set<String> shorter, Map<String, Integer> prefixes) {
        for (String name : longer) {
            for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                if (shorter.contains(name.substring(dot + 1))) {
                    prefixes.merge(name.substring(0, dot + 1), 1, Integer::sum);
                }
            }
        }
    }
}
