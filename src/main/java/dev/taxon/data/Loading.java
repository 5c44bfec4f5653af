package dev.taxon.data;

import dev.taxon.UserError;
import dev.taxon.device.Device;
import dev.taxon.device.reference.ReferenceDevice;

/**
 * How a {@link DataLoader} makes batches.
 *
 * @param workers threads that prepare samples; 0: the caller prepares each batch when it asks for it
 * @param prefetchFactor batches a worker that may be ready before they are asked for
 * @param dropLast leave out a last batch that is short
 * @param rolling when an epoch's last batch is under way, begin with the next epoch
 * @param seed the run's: of what augmentation draws
 * @param onError what becomes of an image that cannot be read
 * @param natively pipelines that have a native form are carried out by native code, with the same values
 */
public record Loading(
        int workers,
        int prefetchFactor,
        boolean dropLast,
        boolean rolling,
        long seed,
        OnError onError,
        boolean natively) {
    /** What becomes of an image that cannot be read. */
    public enum OnError {
        /** An error that names it. */
        RAISE,
        /** The next example of the data set that can be read takes its place: for training, whose batches stay full. */
        REPLACE,
        /** The batch has one sample less: for evaluation. */
        LEAVE_OUT
    }

    public Loading {
        UserError.require(workers >= 0, "data.workers_per_gpu must not be negative, got %d", workers);
        UserError.require(prefetchFactor > 0, "data.prefetch_factor must be positive, got %d", prefetchFactor);
    }

    /** With native code where it can be used. */
    public Loading(int workers, int prefetchFactor, boolean dropLast, boolean rolling, long seed, OnError onError) {
        this(workers, prefetchFactor, dropLast, rolling, seed, onError, true);
    }

    /** The same for a device: the reference needs no native code, so its data need none either. */
    public Loading on(Device device) {
        return new Loading(
                workers, prefetchFactor, dropLast, rolling, seed, onError, !(device instanceof ReferenceDevice));
    }

    /** Each epoch by itself, short batches kept, errors raised: for evaluation. */
    public static Loading plain(int workers) {
        return new Loading(workers, 2, false, false, 0, OnError.RAISE);
    }

    /** For training: the next epoch begins before this one ends. */
    public static Loading training(int workers, long seed) {
        return new Loading(workers, 2, false, true, seed, OnError.RAISE);
    }
}
