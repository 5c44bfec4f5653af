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

    private Publish() {}

    /**
     * Writes {@code NAME-XXXXXXXX.pth}, in PyTorch's form before 1.6 as mmcls does; X are the first digits of the
     * file's SHA-256. The same checkpoint gives the same file. A link or file of that name is replaced.
     *
     * @param out NAME, with or without {@code .pth}
     * @return the file's path
     * @throws dev.taxon.UserError if {@code in} is no checkpoint, or the file cannot be written
     */
    public static Path publish(Path in, Path out) {
        try (Checkpoint checkpoint = Checkpoint.open(in)) {
            checkpoint.stateDict(); // a file without weights is not worth publishing
            Map<Object, Object> tree = stripped(checkpoint.tree());
            return AtomicFile.write(out, channel -> PthWriter.legacy(tree, channel), file -> {
                String name = out.getFileName().toString().replaceFirst("\\.pth$", "");
                return out.resolveSibling(name + "-" + FileHash.sha256(file).substring(0, HASH_DIGITS) + ".pth");
            });
        }
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
