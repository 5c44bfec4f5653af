package dev.taxon.report;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Shows how long work goes: on a terminal one line that is drawn over itself, elsewhere a plain line every ten seconds. */
public final class Progress {
    private static final long TERMINAL_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;
    private static final String WIPE = "\r\u001b[K";
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;
    private static final int DAY = 86_400;

    private final @Nullable PrintStream out;
    private final boolean terminal;
    private long shownAt = System.nanoTime();
    private boolean drawn;

    private Progress(@Nullable PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** On standard error, as a terminal if it is one. */
    public static Progress console() {
        Console console = System.console();
        return on(System.err, console != null && console.isTerminal());
    }

    public static Progress on(PrintStream out, boolean terminal) {
        return new Progress(out, terminal);
    }

    /** Shows nothing. */
    public static Progress none() {
        return new Progress(null, false);
    }

    public boolean isTerminal() {
        return terminal;
    }

    /** Shows how far the work is, unless that was done just now. */
    public synchronized void draw(Supplier<String> text) {
        long now = System.nanoTime();
        boolean due = now - shownAt >= (terminal ? TERMINAL_NANOS : PLAIN_NANOS) || (terminal && !drawn);
        if (out == null || !due) {
            return;
        }
        if (terminal) {
            out.print(WIPE + text.get());
            out.flush();
            drawn = true;
        } else {
            out.println(text.get());
        }
        shownAt = now;
    }

    /** A line that stays. */
    public synchronized void line(String text) {
        clear();
        if (out != null) {
            out.println(text);
        }
    }

    /** Wipes the line that is drawn over, so that other output has a line of its own; that output shows progress, too. */
    public synchronized void clear() {
        shownAt = System.nanoTime();
        if (out != null && drawn) {
            out.print(WIPE);
            out.flush();
            drawn = false;
        }
    }

    /** {@code h:mm:ss} as Python prints a timedelta, with days in front when there are any. */
    public static String duration(double seconds) {
        long s = (long) seconds;
        String clock = String.format(Locale.ROOT, "%d:%02d:%02d", s % DAY / HOUR, s % HOUR / MINUTE, s % MINUTE);
        long days = s / DAY;
        return days == 0 ? clock : days + (days == 1 ? " day, " : " days, ") + clock;
    }
}
