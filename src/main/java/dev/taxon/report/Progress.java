package dev.taxon.report;

import java.io.Console;
import java.io.PrintStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A line that is drawn over itself on a terminal, at most ten times a second; elsewhere nothing is drawn. */
public final class Progress {
    private static final long INTERVAL_NANOS = 100_000_000;
    private static final String WIPE = "\r\u001b[K";

    private final @Nullable PrintStream terminal;
    private long lastDrawn;
    private boolean shown;

    private Progress(@Nullable PrintStream terminal) {
        this.terminal = terminal;
    }

    /** Draws on standard error when the process has a terminal. */
    public static Progress onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal() ? new Progress(System.err) : none();
    }

    /** Draws to {@code out}, whatever it is. */
    public static Progress on(PrintStream out) {
        return new Progress(out);
    }

    public static Progress none() {
        return new Progress(null);
    }

    public boolean isTerminal() {
        return terminal != null;
    }

    /** Shows a line, unless another was drawn just now. */
    public synchronized void draw(Supplier<String> line) {
        long now = System.nanoTime();
        if (terminal == null || (shown && now - lastDrawn < INTERVAL_NANOS)) {
            return;
        }
        terminal.print(WIPE + line.get());
        terminal.flush();
        lastDrawn = now;
        shown = true;
    }

    /** Wipes the line. */
    public synchronized void clear() {
        if (terminal != null && shown) {
            terminal.print(WIPE);
            terminal.flush();
            shown = false;
        }
    }

    /** {@code h:mm:ss} as Python prints a timedelta, with days in front when there are any. */
    public static String duration(double seconds) {
        long s = (long) seconds;
        String clock = "%d:%02d:%02d".formatted(s % 86_400 / 3_600, s % 3_600 / 60, s % 60);
        long days = s / 86_400;
        return days == 0 ? clock : days + (days == 1 ? " day, " : " days, ") + clock;
    }
}
