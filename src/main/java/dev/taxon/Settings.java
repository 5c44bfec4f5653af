package dev.taxon;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.device.Precision;
import dev.taxon.dist.Compression;
import dev.taxon.dist.ExchangeSpec;
import org.jspecify.annotations.Nullable;

/**
 * The config key {@code taxon}, which mmcls ignores: {@code taxon = dict(device='cpu', threads=2)}.
 *
 * @param device name for {@link Devices#open}; mmcls's own key {@code device} stands in for it
 * @param threads compute threads; 0 is one for each core
 * @param skipHead {@code load_from} leaves the head as it is initialized: for another set of classes
 * @param winograd whether the CPU device may use Winograd's algorithm, whose rounding differs from a sum of products
 * @param precision how GPUs multiply: by {@code taxon.precision}, without it FP16 where the key {@code fp16} is set; the CPU
 *     multiplies in float32
 * @param exchange {@code taxon.dist}: how gradients travel between processes
 */
public record Settings(
        @Nullable String device,
        int threads,
        boolean skipHead,
        boolean winograd,
        Precision precision,
        ExchangeSpec exchange) {
    private static final int MAX_THREADS = 1024; // more is a slip of the finger, and each costs workspace

    /** On a device, with nothing else said. */
    public Settings(@Nullable String device, int threads) {
        this(device, threads, false, true, Precision.FLOAT32, ExchangeSpec.DEFAULT);
    }

    public static Settings read(Fields root) {
        String device = root.textOrNull("device");
        boolean fp16 = root.dictOrNull("fp16") != null;
        Fields own = root.dictOrNull("taxon");
        if (own == null) {
            Precision precision = fp16 ? Precision.FP16 : Precision.FLOAT32;
            return new Settings(device, 0, false, true, precision, ExchangeSpec.DEFAULT);
        }
        int threads = own.integer("threads", 0);
        require(
                threads >= 0 && threads <= MAX_THREADS,
                "%s: taxon.threads must be from 0 (all) to %d, got %d",
                own.dict().at(),
                MAX_THREADS,
                threads);
        String ownDevice = own.textOrNull("device");
        boolean skipHead = own.bool("skip_head", false);
        boolean winograd = own.bool("winograd", true);
        String backend = own.text("image_backend", "cv2"); // Config gives it to the steps that load images
        if (!backend.equals("cv2") && !backend.equals("pillow")) {
            throw own.error("image_backend", "must be 'cv2' or 'pillow', got '" + backend + "'");
        }
        String named = own.text("precision", fp16 ? "fp16" : "float32");
        Precision precision = switch (named) {
            case "float32" -> Precision.FLOAT32;
            case "tf32" -> Precision.TF32;
            case "fp16" -> Precision.FP16;
            case "bf16" -> Precision.BF16;
            default -> throw own.error("precision", "must be 'float32', 'tf32', 'fp16' or 'bf16', got '" + named + "'");
        };
        if (precision == Precision.FP16 && !fp16) {
            throw own.error(
                    "precision",
                    "is 'fp16': set fp16 = dict(loss_scale='dynamic') beside it, or small gradients are lost");
        }
        ExchangeSpec exchange = exchange(own.dictOrNull("dist"));
        own.done();
        return new Settings(ownDevice == null ? device : ownDevice, threads, skipHead, winograd, precision, exchange);
    }

    private static ExchangeSpec exchange(@Nullable Fields f) {
        if (f == null) {
            return ExchangeSpec.DEFAULT;
        }
        String name = f.text("compression", "none");
        Compression compression = switch (name) {
            case "none" -> Compression.NONE;
            case "fp16" -> Compression.FP16;
            case "bf16" -> Compression.BF16;
            default -> throw f.error("compression", "must be 'none', 'fp16' or 'bf16', got '" + name + "'");
        };
        ExchangeSpec spec = new ExchangeSpec(f.real("bucket_mb", ExchangeSpec.DEFAULT.bucketMegabytes()), compression);
        f.done();
        return spec;
    }

    /** The same with {@code count} threads; 0 leaves it. */
    public Settings withThreads(int count) {
        return count == 0 ? this : new Settings(device, count, skipHead, winograd, precision, exchange);
    }

    /** The same, on the device that a command line names, if it names one. */
    public Settings on(@Nullable String named) {
        return named == null ? this : new Settings(named, threads, skipHead, winograd, precision, exchange);
    }
}
