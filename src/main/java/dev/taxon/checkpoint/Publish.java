package dev.taxon.checkpoint;

import dev.taxon.checkpoint.pickle.OrderedDict;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a checkpoint fit to give away: weights and what describes them, under a name that shows their hash. */
public final class Publish {
    /** Top-level keys that only serve to go on training. */
    private static final List<String> TRAINING = List.of(
            "optimizer", "taxon", "lr_scheduler", "param_schedulers", "message_hub", "scaler", "loss_scaler", "amp");

    /** Keys of meta that tell about the machine: versions and paths of software, host, folders of the run. */
    private static final List<String> MACHINE = List.of("env_info", "host_name", "hostname", "hook_msgs", "fp16");

    private static final int HASH_DIGITS = 8;
    private static final String SAFETENSORS = ".safetensors";

    private Publish() {}

    /** As {@link #publish(Path, Path, LocalDate)}, without a date in the name. */
    public static Path publish(Path in, Path out) {
        return publish(in, out, null);
    }

    /**
     * Writes {@code NAME-XXXXXXXX.pth}, in PyTorch's form before 1.6 as mmcls does, or {@code NAME-XXXXXXXX.safetensors}; X
     * are the first digits of the file's SHA-256. The same checkpoint gives the same file. A link or file of that name is
     * replaced. Of the tensors named {@code ema_*} that mmcv's EMAHook leaves in a state dict none is written: they are what the
     * averaged ones stand for.
     *
     * @param out NAME, with or without {@code .pth}, or with {@code .safetensors}
     * @param date null, or a date for mmcls 0.25's name, {@code NAME_YYYYMMDD-XXXXXXXX.pth}
     * @return the file's path
     * @throws dev.taxon.UserError if {@code in} is no checkpoint, or the file cannot be written
     */
    public static Path publish(Path in, Path out, @Nullable LocalDate date) {
        String name = out.getFileName().toString();
        try (Checkpoint checkpoint = Checkpoint.open(in)) {
            checkpoint.stateDict(); // a file without weights is not worth publishing
            Map<Object, Object> tree = stripped(checkpoint.tree());
            String suffixed = date == null ? "" : date.format(DateTimeFormatter.ofPattern("'_'yyyyMMdd"));
            if (name.endsWith(SAFETENSORS)) {
                Map<?, ?> meta = tree.get("meta") instanceof Map<?, ?> m ? m : Map.of();
                StateDict state = StateDict.of(tree.get("state_dict") instanceof Map<?, ?> dict ? dict : tree);
                return write(out, suffixed, SAFETENSORS, channel -> Safetensors.write(state, meta, channel));
            }
            return write(out, suffixed, ".pth", channel -> PthWriter.legacy(tree, channel));
        }
    }

    private static Path write(Path out, String date, String suffix, AtomicFile.Body body) {
        String name = out.getFileName().toString();
        String stem = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
        return AtomicFile.write(
                out,
                body,
                file -> out.resolveSibling(
                        stem + date + "-" + FileHash.sha256(file).substring(0, HASH_DIGITS) + suffix));
    }

    private static Map<Object, Object> stripped(Map<Object, Object> tree) {
        Map<Object, Object> kept = new LinkedHashMap<>(tree);
        TRAINING.forEach(kept::remove);
        if (kept.get("meta") instanceof Map<?, ?> meta) {
            Map<Object, Object> plain = new LinkedHashMap<>(meta);
            MACHINE.forEach(plain::remove);
            plain.replaceAll((key, value) -> key.equals("CLASSES") ? value : LocalPaths.without(value));
            kept.put("meta", plain);
        }
        if (kept.get("state_dict") instanceof Map<?, ?> state) {
            kept.put("state_dict", withoutAverages(state));
        } else if (!kept.containsKey("state_dict")) {
            return withoutAverages(kept);
        }
        return kept;
    }

    /** A state dict without the copies {@code ema_layer1_0_conv1_weight} of {@code layer1.0.conv1.weight}. */
    private static Map<Object, Object> withoutAverages(Map<?, ?> state) {
        Set<String> copies = state.keySet().stream()
                .map(name -> "ema_" + name.toString().replace('.', '_'))
                .collect(Collectors.toSet());
        OrderedDict kept = new OrderedDict();
        if (state instanceof OrderedDict ordered) {
            kept.attributes().putAll(ordered.attributes());
        }
        state.forEach((name, value) -> {
            if (!copies.contains(name.toString())) {
                kept.put(name, value);
            }
        });
        return kept;
    }
}
