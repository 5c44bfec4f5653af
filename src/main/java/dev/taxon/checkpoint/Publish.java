package dev.taxon.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a checkpoint fit to give away: weights and what describes them, under a name that shows their hash. */
public final class Publish {
    /** Top-level keys that only serve to go on training. */
    private static final List<String> TRAINING = List.of("optimizer", "taxon");

    /** Keys of meta that tell about the machine: versions and paths of software, host, folders of the run. */
    private static final List<String> MACHINE = List.of("env_info", "host_name", "hostname", "hook_msgs");

    private static final int HASH_DIGITS = 8;
    private static final String SAFETENSORS = ".safetensors";

    private Publish() {}

    /**
     * Writes {@code NAME-XXXXXXXX.pth}, in PyTorch's form before 1.6 as mmcls does, or {@code NAME-XXXXXXXX.safetensors}; X
     * are the first digits of the file's SHA-256. The same checkpoint gives the same file. A link or file of that name is
     * replaced.
     *
     * @param out NAME, with or without {@code .pth}, or with {@code .safetensors}
     * @return the file's path
     * @throws dev.taxon.UserError if {@code in} is no checkpoint, or the file cannot be written
     */
    public static Path publish(Path in, Path out) {
        String name = out.getFileName().toString();
        try (Checkpoint checkpoint = Checkpoint.open(in)) {
            StateDict state = checkpoint.stateDict(); // a file without weights is not worth publishing
            Map<Object, Object> tree = stripped(checkpoint.tree());
            if (name.endsWith(SAFETENSORS)) {
                Map<?, ?> meta = tree.get("meta") instanceof Map<?, ?> m ? m : Map.of();
                return write(out, SAFETENSORS, channel -> Safetensors.write(state, meta, channel));
            }
            return write(out, ".pth", channel -> PthWriter.legacy(tree, channel));
        }
    }

    private static Path write(Path out, String suffix, AtomicFile.Body body) {
        String name = out.getFileName().toString();
        String stem = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
        return AtomicFile.write(
                out,
                body,
                file -> out.resolveSibling(stem + "-" + FileHash.sha256(file).substring(0, HASH_DIGITS) + suffix));
    }

    private static Map<Object, Object> stripped(Map<Object, Object> tree) {
        Map<Object, Object> kept = new LinkedHashMap<>(tree);
        TRAINING.forEach(kept::remove);
        if (kept.get("meta") instanceof Map<?, ?> meta) {
            Map<Object, Object> plain = new LinkedHashMap<>(meta);
            MACHINE.forEach(plain::remove);
            kept.put("meta", plain);
        }
        return kept;
    }
}
