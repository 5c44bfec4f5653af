package dev.taxon.data.fetch;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/** Says how a download goes: one line that changes, on a terminal; elsewhere a new line every ten seconds. */
public final class Progress {
    private static final long TERMINAL_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private String what = "";
    private long started;
    private long startedAt;
    private long shown;
    private boolean lineOpen;

    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** To standard error, as a terminal if it is one. */
    public static Progress toConsole() {
        return new Progress(
                System.err,
                Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent());
    }

    /** A line of its own. */
    void line(String text) {
        finish();
        out.println(text);
    }

    /**
     * Begins something that takes time.
     *
     * @param from bytes that were there before
     */
    void begin(String name, long from) {
        finish();
        what = name;
        started = System.nanoTime();
        startedAt = from;
        shown = terminal ? 0 : started;
    }

    /**
     * How far it is.
     *
     * @param done bytes so far; −1 if that is unknown
     * @param total bytes in all; −1 if that is unknown
     */
    void at(long done, long total) {
        long now = System.nanoTime();
        if (now - shown < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        shown = now;
        double seconds = (now - started) * 1e-9;
        String text = done < 0 ? String.format(Locale.ROOT, "%s  %.0f s", what, seconds) : sizes(done, total, seconds);
        if (terminal) {
            out.print("\r" + text + "\u001b[K");
            out.flush();
            lineOpen = true;
        } else {
            out.println(text);
        }
    }

    private String sizes(long done, long total, double seconds) {
        double rate = (done - startedAt) / 1e6 / Math.max(seconds, 1e-3);
        if (total <= 0) {
            return String.format(Locale.ROOT, "%s  %.1f MB  %.1f MB/s", what, done / 1e6, rate);
        }
        double left = rate > 0 ? (total - done) / 1e6 / rate : 0;
        return String.format(
                Locale.ROOT,
                "%s  %3d %%  %.1f of %.1f MB  %.1f MB/s  %.0f s left",
                what,
                100 * done / total,
                done / 1e6,
                total / 1e6,
                rate,
                left);
    }

    /** Ends the line that changes. */
    void finish() {
        if (lineOpen) {
            out.println();
            lineOpen = false;
        }
    }
}
