package dev.taxon.train;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import org.jspecify.annotations.Nullable;

/**
 * The config key {@code data}: three data sets, and how their batches are made.
 *
 * @param samplesPerGpu batch size
 * @param workersPerGpu threads that prepare batches
 */
public record DataSpec(
        int samplesPerGpu,
        int workersPerGpu,
        @Nullable Fields train,
        @Nullable Fields val,
        @Nullable Fields test,
        boolean dropLast) {
    private static final int DEFAULT_WORKERS = 2;

    public static DataSpec read(Fields f) {
        int samples = f.integer("samples_per_gpu", 0);
        int workers = f.integer("workers_per_gpu", DEFAULT_WORKERS);
        boolean dropLast = f.bool("drop_last", false);
        Fields loader = f.dictOrNull("train_dataloader");
        if (loader != null) {
            samples = loader.integer("samples_per_gpu", samples);
            workers = loader.integer("workers_per_gpu", workers);
            dropLast = loader.bool("drop_last", dropLast);
        }
        require(
                samples > 0,
                "%s: data.samples_per_gpu must be a positive batch size, got %d",
                f.dict().at(),
                samples);
        f.ignore("val_dataloader", "test_dataloader", "persistent_workers", "pin_memory", "shuffle", "prefetch_factor");
        DataSpec spec = new DataSpec(
                samples, workers, f.dictOrNull("train"), f.dictOrNull("val"), f.dictOrNull("test"), dropLast);
        f.done();
        return spec;
    }
}
