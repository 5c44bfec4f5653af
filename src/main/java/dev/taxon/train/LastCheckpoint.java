package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.report.RunLog;
import dev.taxon.train.hook.CheckpointHook;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds where a run stopped: {@code --resume-from auto}. */
public final class LastCheckpoint {
    private LastCheckpoint() {}

    /** A checkpoint and how far its run had come. */
    private record Candidate(Path file, long iters) {}

    /**
     * The whole checkpoint of the most iterations in a folder. Each damaged one that would have been later is named in the log.
     *
     * @param spec how the run names its checkpoints; {@code interrupted.pth} is one, too
     */
    public static Optional<Path> in(Path folder, CheckpointSpec spec, RunLog log) {
        List<Candidate> whole = new ArrayList<>();
        for (Pattern name : spec.patterns()) {
            newestWhole(numbered(folder, name), log).ifPresent(whole::add);
        }
        Path interrupted = folder.resolve(CheckpointHook.INTERRUPTED);
        if (Files.exists(interrupted)) {
            newestWhole(List.of(interrupted), log).ifPresent(whole::add);
        }
        return whole.stream().max(Comparator.comparingLong(Candidate::iters)).map(Candidate::file);
    }

    /** The run's checkpoints, highest number first. */
    private static List<Path> numbered(Path folder, Pattern pattern) {
        record Numbered(Path file, long number) {}
        List<Numbered> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Matcher name = pattern.matcher(file.getFileName().toString());
                    if (name.matches()) {
                        found.add(new Numbered(file, Long.parseLong(name.group(1))));
                    }
                }
            } catch (IOException e) {
                throw UserError.of("%s cannot be read: %s; check its permissions", folder, e);
            }
        }
        return found.stream()
                .sorted(Comparator.comparingLong(Numbered::number).reversed())
                .map(Numbered::file)
                .toList();
    }

    private static Optional<Candidate> newestWhole(List<Path> files, RunLog log) {
        for (Path file : files) {
            Candidate candidate = read(file, log);
            if (candidate != null) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Null for a file that is damaged or no checkpoint of a run; opening checks all of its contents. */
    private static @Nullable Candidate read(Path file, RunLog log) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            if (checkpoint.meta().get("iter") instanceof Long iters) {
                return new Candidate(file, iters);
            }
            log.warning("skipping " + file + ": it does not say how far its run had come");
        } catch (UserError e) {
            log.warning("skipping a damaged checkpoint: " + e.getMessage());
        }
        return null;
    }
}
