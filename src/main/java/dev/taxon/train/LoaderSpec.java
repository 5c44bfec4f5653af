package dev.taxon.train;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.data.Loading;
import dev.taxon.data.Loading.OnError;
import dev.taxon.data.Sampler;
import dev.taxon.data.Sampler.Rank;
import org.jspecify.annotations.Nullable;

/**
 * How a config wants the batches of a data set made: what stands in {@code data}, over it what stands in {@code
 * data.train_dataloader}, {@code val_dataloader} or {@code test_dataloader}.
 *
 * @param samplesPerGpu batch size
 * @param workersPerGpu threads that prepare batches
 * @param prefetchFactor batches a thread that may be ready before they are asked for
 * @param skipErrors {@code on_error='skip'}: an image that cannot be read is no reason to stop
 * @param sampler null: the usual one
 */
public record LoaderSpec(
        int samplesPerGpu,
        int workersPerGpu,
        int prefetchFactor,
        boolean dropLast,
        boolean shuffle,
        boolean skipErrors,
        @Nullable Fields sampler) {
    /** What is said in {@code data} itself, for all three loaders. */
    static LoaderSpec read(Fields data, @Nullable Fields sampler) {
        return new LoaderSpec(0, 2, 2, false, true, false, sampler).over(data);
    }

    /** This with what a loader's own dict says, and the data set's {@code on_error}. */
    LoaderSpec with(@Nullable Fields loader, @Nullable Fields dataset) {
        LoaderSpec spec = loader == null ? this : over(loader);
        if (loader != null) {
            loader.done();
        }
        boolean skip = dataset == null ? spec.skipErrors : skips(dataset, spec.skipErrors);
        return new LoaderSpec(
                spec.samplesPerGpu,
                spec.workersPerGpu,
                spec.prefetchFactor,
                spec.dropLast,
                spec.shuffle,
                skip,
                spec.sampler);
    }

    private LoaderSpec over(Fields f) {
        f.ignore("persistent_workers", "pin_memory"); // threads and buffers live as long as the loader
        Fields own = f.dictOrNull("sampler_cfg");
        return new LoaderSpec(
                f.integer("samples_per_gpu", samplesPerGpu),
                f.integer("workers_per_gpu", workersPerGpu),
                f.integer("prefetch_factor", prefetchFactor),
                f.bool("drop_last", dropLast),
                f.bool("shuffle", shuffle),
                skips(f, skipErrors),
                own == null ? sampler : own);
    }

    private static boolean skips(Fields f, boolean otherwise) {
        String text = f.text("on_error", otherwise ? "skip" : "raise");
        if (!text.equals("skip") && !text.equals("raise")) {
            throw f.error("on_error", "must be 'raise' or 'skip', got '" + text + "'");
        }
        return text.equals("skip");
    }

    /** In order, to the last example, whatever is said of training: scores belong to examples. */
    LoaderSpec forEvaluation() {
        return new LoaderSpec(samplesPerGpu, workersPerGpu, prefetchFactor, false, false, skipErrors, null);
    }

    LoaderSpec checked(Fields data) {
        require(
                samplesPerGpu > 0,
                "%s: data.samples_per_gpu must be a positive batch size, got %d",
                data.dict().at(),
                samplesPerGpu);
        loading(0);
        sampler(0, Rank.ONLY);
        return this;
    }

    /** The order of a run with that seed, by one process. */
    public Sampler sampler(long seed) {
        return sampler(seed, Rank.ONLY);
    }

    /** What a rank takes of the order of a run with that seed. */
    public Sampler sampler(long seed, Rank rank) {
        return Sampler.read(sampler, shuffle, seed, rank);
    }

    /** What a loader for training needs to know. */
    public Loading loading(long seed) {
        return new Loading(
                workersPerGpu, prefetchFactor, dropLast, true, seed, skipErrors ? OnError.REPLACE : OnError.RAISE);
    }

    /** What a loader for evaluation needs to know. */
    public Loading evaluationLoading() {
        return new Loading(
                workersPerGpu, prefetchFactor, false, false, 0, skipErrors ? OnError.LEAVE_OUT : OnError.RAISE);
    }

    /** Batches of a training epoch over {@code size} examples. */
    public int batches(int size) {
        int samples = sampler(0).length(size);
        return dropLast ? samples / samplesPerGpu : Math.ceilDiv(samples, samplesPerGpu);
    }
}
