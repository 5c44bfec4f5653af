package dev.taxon.checkpoint.names;

import dev.taxon.UserError;
import dev.taxon.checkpoint.StateDict;
import dev.taxon.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The names that one library gives one family of architectures.
 *
 * @param source the library: {@code torchvision}, {@code timm} or an author
 * @param name of the family, as {@code --arch} takes it
 * @param signature names that each of its state dicts has
 * @param renaming makes mmcls's names, {@code backbone.…} and {@code head.…}, for the names of a given state dict
 */
public record Family(
        String source, String name, List<String> signature, Function<Set<String>, UnaryOperator<String>> renaming) {
    public Family {
        signature = List.copyOf(signature);
    }

    static Family of(String source, String name, List<String> signature, UnaryOperator<String> renaming) {
        return new Family(source, name, signature, names -> renaming);
    }

    /** How messages name it. */
    public String title() {
        return source + "'s " + name;
    }

    /** Whether the names could be this family's. */
    public boolean recognizes(Set<String> names) {
        return names.containsAll(signature);
    }

    /**
     * The same tensors under mmcls's names, in the same order. Convolutions over the whole map that stand for linear layers
     * (timm's VGG) get the shape (out, in · kH · kW).
     *
     * @throws UserError if two names become one
     */
    public StateDict translate(StateDict dict) {
        UnaryOperator<String> rename = renaming.apply(dict.names());
        Map<String, Tensor> translated = new LinkedHashMap<>();
        dict.tensors().forEach((old, tensor) -> {
            String renamed = rename.apply(old);
            boolean linear = renamed.matches("backbone\\.classifier\\.\\d+\\.weight")
                    && tensor.shape().rank() == 4;
            if (translated.put(renamed, linear ? tensor.reshape(tensor.shape().dim(0), -1) : tensor) != null) {
                throw UserError.of("the names are not those of %s: two would become %s", title(), renamed);
            }
        });
        return new StateDict(translated);
    }
}
