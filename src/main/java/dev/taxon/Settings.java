package dev.taxon;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import org.jspecify.annotations.Nullable;

/**
 * The config key {@code taxon}, which mmcls ignores: {@code taxon = dict(device='cpu', threads=2)}.
 *
 * @param device name for {@link Devices#open}; mmcls's own key {@code device} stands in for it
 * @param threads compute threads; 0 is one for each core
 */
public record Settings(@Nullable String device, int threads) {
    public static Settings read(Fields root) {
        String device = root.textOrNull("device");
        Fields own = root.dictOrNull("taxon");
        if (own == null) {
            return new Settings(device, 0);
        }
        int threads = own.integer("threads", 0);
        require(threads >= 0, "%s: taxon.threads must not be negative, got %d", own.dict().at(), threads);
        String ownDevice = own.textOrNull("device");
        own.done();
        return new Settings(ownDevice == null ? device : ownDevice, threads);
    }

    /** The same, on the device that a command line names, if it names one. */
    public Settings on(@Nullable String named) {
        return named == null ? this : new Settings(named, threads);
    }
}
