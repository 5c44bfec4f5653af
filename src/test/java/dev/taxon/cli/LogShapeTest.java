package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.SyntheticMnist;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The logs of LeNet-5, two epochs of 16 iterations with a line every five, by mmcls 0.25 (golden/mmcls/lenet5.log) and by us, read by
 * the same code: the same entries in the same order, but for times, losses, and what stands in the environment and the config.
 */
class LogShapeTest {
    private static final Pattern ENTRY =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} - mmcls - (\\w+) - (.*)");

    @TempDir
    private Path dir;

    private Path train() {
        Path data = SyntheticMnist.write(dir.resolve("mnist"), 2048, 200);
        CommandLineRun run = CommandLineRun.of(
                "train",
                Path.of("configs/lenet/lenet5_mnist.py"),
                "--work-dir",
                dir.resolve("lenet"),
                "--seed",
                0,
                "--cfg-options",
                "data.train.data_prefix=" + data,
                "data.val.data_prefix=" + data,
                "data.samples_per_gpu=128",
                "evaluation.interval=5",
                "log_config.interval=5",
                "runner.max_epochs=2");
        assertEquals(0, run.exitCode(), run.err());
        return dir.resolve("lenet");
    }

    private static List<String> lines(Path folder, String ending) throws IOException {
        try (var files = Files.list(folder)) {
            return Files.readAllLines(
                    files.filter(f -> f.toString().endsWith(ending)).findFirst().orElseThrow());
        }
    }

    private static List<String> golden(String name) {
        return new String(Golden.bytes("mmcls/" + name), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    /** The entries of a text log; of those with several lines the first, but for the list of hooks, which is kept whole. */
    private static List<String> shape(List<String> log) {
        List<String> entries = new ArrayList<>();
        boolean whole = false;
        for (String line : log) {
            Matcher entry = ENTRY.matcher(line);
            if (entry.matches()) {
                whole = entry.group(2).startsWith("Hooks will be executed");
                entries.add(entry.group(1) + " " + masked(entry.group(2)));
            } else if (whole) {
                entries.add(line);
            }
        }
        return entries;
    }

    private static String masked(String text) {
        return text.replaceAll("host: \\S+, work_dir: \\S+", "host: HOST, work_dir: DIR")
                .replaceAll("saved to \\S+ by", "saved to DIR by")
                .replaceAll("deterministic: (True|False).*", "deterministic: ANY")
                .replaceAll("eta: \\d+:\\d\\d:\\d\\d", "eta: H:MM:SS")
                .replaceAll("time: \\d+\\.\\d{3}", "time: S.SSS")
                .replaceAll("loss: \\d+\\.\\d{4}", "loss: L.LLLL");
    }

    @Test
    void textIsMmclss() throws IOException {
        assertEquals(shape(golden("lenet5.log")), shape(lines(train(), ".log")));
    }

    /** Keys in order, kinds of values, and the values that are no measurements. */
    private static List<Map<String, Object>> entries(List<String> log) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (String line : log) {
            Map<?, ?> read = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(line);
            Map<String, Object> entry = new LinkedHashMap<>();
            read.forEach((key, value) -> {
                boolean fixed = List.of("mode", "epoch", "iter", "lr", "seed", "mmcls_version")
                        .contains(key);
                entry.put((String) key, fixed ? value : value.getClass().getSimpleName());
            });
            entries.add(entry);
        }
        return entries;
    }

    @Test
    void jsonHasMmclssKeysInItsOrder() throws IOException {
        List<Map<String, Object>> expected = entries(golden("lenet5.log.json"));
        List<Map<String, Object>> got = entries(lines(train(), ".log.json"));
        assertEquals(expected.toString(), got.toString());
        assertTrue(expected.size() == 7
                && List.copyOf(expected.get(1).keySet()).getLast().equals("time"));
    }
}
