package dev.taxon.report;

import dev.taxon.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The log of a run, in mmcls's formats: lines {@code 2026-11-22 19:20:42,154 - mmcls - INFO - …} to the console and to
 * {@code <timestamp>.log}, and JSON lines to {@code <timestamp>.log.json}. A progress line on a terminal is wiped
 * before each line.
 */
public final class RunLog implements AutoCloseable {
    private static final DateTimeFormatter LINE_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS");
    private static final DateTimeFormatter FILE_TIME = DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss");

    private final PrintStream console;
    private final Progress progress;
    private final @Nullable Writer text;
    private final @Nullable Writer json;
    private final @Nullable String rank; // of a process beside the one that logs

    private RunLog(
            PrintStream console,
            Progress progress,
            @Nullable Writer text,
            @Nullable Writer json,
            @Nullable String rank) {
        this.console = console;
        this.progress = progress;
        this.text = text;
        this.json = json;
        this.rank = rank;
    }

    /** Console only. */
    public static RunLog console(PrintStream console, Progress progress) {
        return new RunLog(console, progress, null, null, null);
    }

    /** Of a process beside the one that logs: only what it alone can warn of. */
    public static RunLog of(int rank, PrintStream console) {
        return new RunLog(console, Progress.none(), null, null, "rank " + rank + ": ");
    }

    /** Console, and files named by the present time in {@code dir}, which must exist. @throws UserError if it is not writable */
    public static RunLog in(Path dir, PrintStream console, Progress progress) {
        String stem = now().format(FILE_TIME);
        try {
            Writer text = open(dir.resolve(stem + ".log"));
            return new RunLog(console, progress, text, open(dir.resolve(stem + ".log.json")), null);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static Writer open(Path file) throws IOException {
        return Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static UserError unwritable(IOException e) {
        return new UserError(
                "the log in the work_dir cannot be written: " + e + "; free space, or give another --work-dir", e);
    }

    private static LocalDateTime now() {
        return LocalDateTime.now(ZoneId.systemDefault());
    }

    public void info(String message) {
        log("INFO", message);
    }

    public void warning(String message) {
        log("WARNING", message);
    }

    /** A warning of what this process alone has met, as an image that cannot be read. */
    public void ownWarning(String message) {
        if (rank == null) {
            warning(message);
        } else {
            console.println(rank + message);
        }
    }

    private synchronized void log(String level, String message) {
        if (rank != null) {
            return;
        }
        String line = now().format(LINE_TIME) + " - mmcls - " + level + " - " + message;
        progress.clear();
        console.println(line);
        append(text, line);
    }

    /** One line of the .log.json file. */
    public synchronized void json(Map<String, Object> entry) {
        append(json, PythonJson.dumps(entry));
    }

    /** The line that a terminal shows in place. */
    public Progress progress() {
        return progress;
    }

    private static void append(@Nullable Writer file, String line) {
        if (file == null) {
            return;
        }
        try {
            file.write(line);
            file.write('\n');
            file.flush(); // a killed run keeps its log
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    @Override
    public void close() {
        progress.clear();
        for (Writer writer : new Writer[] {text, json}) {
            if (writer != null) {
                try {
                    writer.close();
                } catch (IOException e) {
                    throw unwritable(e);
                }
            }
        }
    }
}
