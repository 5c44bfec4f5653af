package dev.taxon.checkpoint;

import dev.taxon.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Writes a checkpoint's weights anew: under other names, or in the other format. */
public final class Conversion {
    private Conversion() {}

    /**
     * Changes the state dict of a file and writes it with the file's {@code meta}, without training state.
     *
     * @param out ends in {@code .safetensors} for that format, else in {@code .pth}
     * @param change from the entries of {@code in} to those of {@code out}; tensors are valid while it is written
     * @return number of entries written
     * @throws UserError if {@code in} is no checkpoint or {@code out} cannot be written
     */
    public static int convert(Path in, Path out, UnaryOperator<StateDict> change) {
        String name = String.valueOf(out.getFileName());
        UserError.require(
                name.endsWith(".pth") || name.endsWith(".safetensors"),
                "%s: the name of the result must end in .pth or .safetensors",
                out);
        try (Checkpoint checkpoint = Checkpoint.open(in)) {
            StateDict changed = change.apply(KeyMap.DEFAULT.rename(checkpoint.stateDict()));
            if (name.endsWith(".safetensors")) {
                Checkpoint.writeSafetensors(out, changed, checkpoint.meta());
            } else {
                Map<String, Object> tree = new LinkedHashMap<>();
                tree.put("meta", checkpoint.meta());
                tree.put("state_dict", changed.toTree());
                Checkpoint.write(out, tree);
            }
            return changed.names().size();
        }
    }
}
