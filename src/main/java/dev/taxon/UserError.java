package dev.taxon;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A mistake of the user's, said in one sentence: what, where, expected, got, cure. The command line prints the message
 * without a stack trace and exits with code 2; a bug is any other exception (stack trace, exit code 70).
 */
public class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }

    /** {@code String.format} with the root locale, so that messages read the same everywhere. */
    @FormatMethod
    public static UserError of(String format, @Nullable Object... args) {
        return new UserError(String.format(Locale.ROOT, format, args));
    }

    /** Throws {@link UserError} with the formatted sentence unless {@code condition} holds. */
    @FormatMethod
    public static void require(boolean condition, String format, @Nullable Object... args) {
        if (!condition) {
            throw of(format, args);
        }
    }
}
