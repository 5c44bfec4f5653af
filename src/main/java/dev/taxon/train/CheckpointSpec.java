package dev.taxon.train;

import dev.taxon.config.Fields;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The key {@code checkpoint_config}. Names and defaults are those of mmcv's CheckpointHook.
 *
 * @param interval in epochs or iterations; not positive: only the last, if that
 * @param maxKeep how many of them stay; not positive: all
 * @param outDir null: the work_dir; else its folder of the work_dir's name
 * @param template name of a file, with {@code {}} for its number
 * @param link whether {@code latest.pth} points at the last one
 */
public record CheckpointSpec(
        int interval,
        boolean byEpoch,
        int maxKeep,
        boolean saveOptimizer,
        boolean saveLast,
        @Nullable Path outDir,
        String template,
        boolean link) {
    private static final String NUMBER = "{}";

    /** @param f null: mmcls's own default, each epoch */
    static CheckpointSpec read(@Nullable Fields f, RunnerSpec runner) {
        String standard = runner.byEpoch() ? "epoch_{}.pth" : "iter_{}.pth";
        if (f == null) {
            return new CheckpointSpec(1, runner.byEpoch(), -1, true, true, null, standard, true);
        }
        String type = f.text("type", "CheckpointHook");
        if (!type.equals("CheckpointHook")) {
            throw f.error("type", "must be CheckpointHook, got '" + type + "'");
        }
        boolean byEpoch = runner.byEpoch(f);
        String template = f.text("filename_tmpl", byEpoch ? "epoch_{}.pth" : "iter_{}.pth");
        int at = template.indexOf(NUMBER);
        if (at < 0 || at != template.lastIndexOf(NUMBER) || template.contains("/")) {
            throw f.error("filename_tmpl", "must be a file's name with one {} for its number, got '" + template + "'");
        }
        f.ignore("sync_buffer"); // one process has no others to synchronize with
        if (f.has("file_client_args")) {
            throw f.error("file_client_args", "asks for a storage service; only folders are supported, leave it out");
        }
        String outDir = f.textOrNull("out_dir");
        CheckpointSpec spec = new CheckpointSpec(
                f.integer("interval", -1),
                byEpoch,
                f.integer("max_keep_ckpts", -1),
                f.bool("save_optimizer", true),
                f.bool("save_last", true),
                outDir == null ? null : Path.of(outDir),
                template,
                f.bool("create_symlink", true));
        f.done();
        return spec;
    }

    /** Where the checkpoints of a run go. */
    public Path folder(Path workDir) {
        return folder(outDir, workDir);
    }

    /** mmcv's rule for a hook's {@code out_dir}: there, in a folder with the work_dir's name. */
    public static Path folder(@Nullable Path outDir, Path workDir) {
        if (outDir == null) {
            return workDir;
        }
        Path name = workDir.toAbsolutePath().normalize().getFileName();
        return name == null ? outDir : outDir.resolve(name.toString());
    }

    /** Name of the checkpoint behind that many epochs or iterations. */
    public String fileName(long number) {
        return template.replace(NUMBER, Long.toString(number));
    }

    /** Match the names of the run's checkpoints, also those it had before its config changed; group 1 is the number. */
    List<Pattern> patterns() {
        return Stream.of(template, "epoch_{}.pth", "iter_{}.pth")
                .distinct()
                .map(CheckpointSpec::pattern)
                .toList();
    }

    private static Pattern pattern(String template) {
        int at = template.indexOf(NUMBER);
        return Pattern.compile(Pattern.quote(template.substring(0, at)) + "(\\d{1,18})"
                + Pattern.quote(template.substring(at + NUMBER.length())));
    }
}
