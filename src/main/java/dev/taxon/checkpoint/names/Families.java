package dev.taxon.checkpoint.names;

import dev.taxon.UserError;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All families whose foreign names Taxon translates. */
public final class Families {
    private static final List<Family> ALL = Stream.of(
                    TorchvisionNames.FAMILIES,
                    TimmNames.FAMILIES,
                    OlderNames.FAMILIES,
                    List.of(Family.of(
                            "akamaster",
                            "resnet_cifar",
                            List.of("linear.weight", "bn1.weight"),
                            PrefixRules.of("linear\\.", "head.fc."))))
            .flatMap(List::stream)
            .toList();

    private Families() {}

    /** Libraries, as {@code --from} takes them. */
    public static List<String> sources() {
        return ALL.stream().map(Family::source).distinct().toList();
    }

    /** Families that a state dict of these names could be of, torchvision's first. */
    public static List<Family> recognizing(Set<String> names) {
        return ALL.stream().filter(family -> family.recognizes(names)).toList();
    }

    /**
     * The family of one library that these names are of.
     *
     * @param arch an architecture such as {@code resnet50}, or empty to go by the names alone
     * @throws UserError if there is none
     */
    public static Family of(String source, String arch, Set<String> names) {
        List<Family> known = ALL.stream().filter(f -> f.source().equals(source)).toList();
        UserError.require(!known.isEmpty(), "--from %s: expected one of %s", source, String.join(", ", sources()));
        String all = known.stream().map(Family::name).collect(Collectors.joining(", "));
        List<Family> named =
                known.stream().filter(f -> arch.isEmpty() || covers(f, arch)).toList();
        UserError.require(!named.isEmpty(), "--arch %s is of no family of %s that Taxon knows: %s", arch, source, all);
        return named.stream()
                .filter(f -> f.recognizes(names))
                .findFirst()
                .orElseThrow(() -> UserError.of(
                        "the names, such as %s, are not those of %s's %s; check --from and --arch",
                        names.stream().limit(3).toList(), source, arch.isEmpty() ? all : arch));
    }

    /** resnet50, se_resnext50_32x4d and wide_resnet50_2 are resnets; vit_base_patch16_224 is a vit. */
    private static boolean covers(Family family, String arch) {
        String plain = arch.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
        String family0 = family.name().replace("_", "");
        List<String> aliases =
                family0.equals("resnet") ? List.of("resnet", "resnext", "resnest", "res2net") : List.of(family0);
        return aliases.stream().anyMatch(plain::contains);
    }
}
