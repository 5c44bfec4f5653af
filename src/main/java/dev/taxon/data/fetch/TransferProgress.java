package dev.taxon.data.fetch;

import dev.taxon.report.Progress;
import java.util.Locale;

/** Says how a download goes: how much of it is here, how fast it comes, how long it will take. */
public final class TransferProgress {
    private final Progress out;
    private String what = "";
    private long started;
    private long startedAt;

    public TransferProgress(Progress out) {
        this.out = out;
    }

    Progress out() {
        return out;
    }

    /** A line of its own. */
    public void line(String text) {
        out.line(text);
    }

    /**
     * Begins something that takes time.
     *
     * @param from bytes that were there before
     */
    void begin(String name, long from) {
        what = name;
        started = System.nanoTime();
        startedAt = from;
    }

    /**
     * How far it is.
     *
     * @param done bytes so far; −1 if that is unknown
     * @param total bytes in all; −1 if that is unknown
     */
    void at(long done, long total) {
        double seconds = (System.nanoTime() - started) * 1e-9;
        out.draw(
                () -> done < 0 ? String.format(Locale.ROOT, "%s  %.0f s", what, seconds) : sizes(done, total, seconds));
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
        out.clear();
    }
}
