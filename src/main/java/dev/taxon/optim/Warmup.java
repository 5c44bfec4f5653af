package dev.taxon.optim;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first iterations of a schedule: a factor that is {@code ratio} (constant), or rises from it to 1 linearly or
 * exponentially. A learning rate is multiplied by it, a momentum divided.
 *
 * @param length in epochs when {@code byEpoch}, else in iterations
 */
public record Warmup(Kind kind, int length, boolean byEpoch, double ratio) {
    /** Named as configs name them, in capitals. */
    public enum Kind {
        CONSTANT,
        LINEAR,
        EXP
    }

    private static final List<String> KINDS = List.of("constant", "linear", "exp");

    /** Reads the keys that begin with {@code warmup}; null without warm-up. */
    static @Nullable Warmup read(Fields f, double defaultRatio, boolean epochsAllowed) {
        String kind = f.textOrNull("warmup");
        int length = f.integer("warmup_iters", 0);
        double ratio = f.real("warmup_ratio", defaultRatio);
        boolean byEpoch = epochsAllowed && f.bool("warmup_by_epoch", false);
        if (kind == null) {
            return null;
        }
        require(
                KINDS.contains(kind),
                "%s: %s.warmup must be 'constant', 'linear' or 'exp', got '%s'",
                f.dict().at(),
                f.path(),
                kind);
        require(
                length > 0,
                "%s: %s.warmup_iters must be positive, got %d",
                f.dict().at(),
                f.path(),
                length);
        require(
                ratio > 0 && ratio <= 1,
                "%s: %s.warmup_ratio must be in (0, 1], got %s",
                f.dict().at(),
                f.path(),
                ratio);
        return new Warmup(Kind.values()[KINDS.indexOf(kind)], length, byEpoch, ratio);
    }

    /** The factor of an iteration; 1 after warm-up. */
    double factor(Moment now) {
        long iters = byEpoch ? (long) length * now.itersPerEpoch() : length;
        if (now.iter() >= iters) {
            return 1;
        }
        double left = 1 - (double) now.iter() / iters;
        return switch (kind) {
            case CONSTANT -> ratio;
            case LINEAR -> 1 - left * (1 - ratio);
            case EXP -> Math.pow(ratio, left);
        };
    }
}
