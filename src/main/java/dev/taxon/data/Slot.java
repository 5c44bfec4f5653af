package dev.taxon.data;

import dev.taxon.UserError;
import dev.taxon.data.Loading.OnError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.mix.BatchAugments;
import dev.taxon.data.mix.SoftBatch;
import dev.taxon.device.InputSpec;
import dev.taxon.random.Philox;
import dev.taxon.random.Philox.Purpose;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Region;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Room for one batch, used again and again. Workers claim its samples in order and prepare them side by side; who claims
 * and who is done is said under the queue's lock.
 */
final class Slot implements AutoCloseable {
    private static final int MOST_REPLACEMENTS = 100; // unreadable examples in a row: something else is wrong

    private final Dataset dataset;
    private final Sampler sampler;
    private final InputSpec spec;
    private final Loading loading;
    private final Region region; // (batch, C, H, W) or (batch, H, W, C)
    private final @Nullable SoftBatch soft;
    private final int[] labels; // (batch)
    private final int[] indices; // (batch); −1: left out
    private final @Nullable Skipped[] failures; // (batch)

    private @Nullable Epoch epoch;
    private int number;
    private int count;
    private int claimed;
    private int done;
    private boolean complete;
    private @Nullable Batch batch;
    private @Nullable Throwable error;
    private int errorPlace; // of the first sample that failed

    Slot(Dataset dataset, Sampler sampler, InputSpec spec, Loading loading, BatchAugments augments) {
        this.dataset = dataset;
        this.sampler = sampler;
        this.spec = spec;
        this.loading = loading;
        this.soft = augments.soft() ? new SoftBatch(augments, spec, dataset.labels()) : null;
        this.region = Region.ofBytes(spec.byteSize());
        this.labels = new int[spec.batch()];
        this.indices = new int[spec.batch()];
        this.failures = new @Nullable Skipped[spec.batch()];
    }

    /** Begins batch {@code batchNumber} of an epoch. */
    void begin(Epoch of, int batchNumber) {
        epoch = of;
        number = batchNumber;
        count = Math.min(labels.length, of.length() - batchNumber * labels.length);
        claimed = 0;
        done = 0;
        complete = false;
        batch = null;
        error = null;
        errorPlace = Integer.MAX_VALUE;
        Arrays.fill(failures, null);
    }

    int claimed() {
        return claimed;
    }

    /**
     * Takes at most {@code most} samples from {@link #claimed} on.
     *
     * @return how many
     */
    int claim(int most) {
        int taken = Math.min(most, count - claimed);
        claimed += taken;
        return taken;
    }

    /** Samples that nobody took. */
    int left() {
        return count - claimed;
    }

    /**
     * Notes samples as prepared.
     *
     * @return whether these were the last
     */
    boolean done(int samples) {
        done += samples;
        return done == count;
    }

    void complete() {
        complete = true;
    }

    boolean isComplete() {
        return complete;
    }

    /** What a sample or a batch augment threw: of several samples the first in order, whichever thread was first. */
    @Nullable
    Throwable error() {
        return error;
    }

    Batch batch() {
        if (batch == null) {
            throw new IllegalStateException("batch " + number + " is not complete");
        }
        return batch;
    }

    List<Skipped> skipped() {
        List<Skipped> skipped = new ArrayList<>();
        for (Skipped failure : failures) {
            if (failure != null) {
                skipped.add(failure);
            }
        }
        return skipped;
    }

    /**
     * Prepares samples {@code from} to {@code to}, the end not included.
     *
     * @param stop asked between samples; true leaves the batch unfinished
     */
    void prepare(int from, int to, Worker worker, BooleanSupplier stop) {
        for (int i = from; i < to && !stop.getAsBoolean(); i++) {
            try {
                prepare(i, worker);
            } catch (RuntimeException | Error e) {
                fail(i, e);
                return;
            }
        }
    }

    private void prepare(int place, Worker worker) {
        Epoch now = epoch();
        int at = number * labels.length + place;
        int index = now.order()[at];
        long stream = Philox.stream(Purpose.AUGMENT, now.number(), index);
        int copy = sampler.copy(at, dataset.size());
        int taken = index;
        for (int tries = 1; ; tries++) {
            try {
                worker.prepare(dataset, taken, loading.seed(), stream, copy, region.segment(), place);
                break;
            } catch (RuntimeException e) {
                RuntimeException said = named(dataset.sample(taken).name(), e);
                if (loading.onError() == OnError.RAISE || !(said instanceof UserError)) {
                    throw said;
                }
                if (failures[place] == null) {
                    failures[place] = new Skipped(dataset.sample(taken).name(), String.valueOf(said.getMessage()));
                }
                if (loading.onError() == OnError.LEAVE_OUT) {
                    indices[place] = -1;
                    return;
                }
                if (tries == Math.min(MOST_REPLACEMENTS, dataset.size())) {
                    throw new UserError(
                            said.getMessage() + " (and the " + (tries - 1) + " examples before it failed, too)", said);
                }
                taken = (taken + 1) % dataset.size();
            }
        }
        indices[place] = taken;
        labels[place] = dataset.label(taken);
    }

    private Epoch epoch() {
        if (epoch == null) {
            throw new IllegalStateException("no batch has begun");
        }
        return epoch;
    }

    private synchronized void fail(int place, Throwable e) {
        if (place < errorPlace) {
            errorPlace = place;
            error = e;
        }
    }

    /** Makes the batch of its samples, when all are prepared. */
    void finish() {
        if (error != null) {
            return;
        }
        try {
            batch = made(loading.onError() == OnError.LEAVE_OUT ? closeGaps() : count);
        } catch (RuntimeException | Error e) {
            fail(0, e);
        }
    }

    private Batch made(int samples) {
        MemorySegment data = region.segment().asSlice(0, spec.byteSize() / labels.length * samples);
        float[] targets = null;
        if (soft != null) {
            Rng rng = new Rng(loading.seed(), Philox.stream(Purpose.MIX, epoch().number(), number));
            targets = soft.mix(data, indices, samples, rng);
        }
        boolean whole = samples == labels.length;
        return new Batch(
                data,
                whole ? labels : Arrays.copyOf(labels, samples),
                targets,
                whole ? indices : Arrays.copyOf(indices, samples),
                samples,
                number);
    }

    /**
     * Moves samples up to where others were left out.
     *
     * @return how many there are
     */
    private int closeGaps() {
        long bytes = spec.byteSize() / labels.length;
        int to = 0;
        for (int from = 0; from < count; from++) {
            if (indices[from] < 0) {
                continue;
            }
            if (to < from) {
                MemorySegment.copy(region.segment(), from * bytes, region.segment(), to * bytes, bytes);
                labels[to] = labels[from];
                indices[to] = indices[from];
            }
            to++;
        }
        return to;
    }

    /** The same error, saying which sample it was. */
    private static RuntimeException named(String name, RuntimeException error) {
        String message = String.valueOf(error.getMessage());
        if (error instanceof UserError) {
            return message.contains(name) ? error : new UserError(name + ": " + message, error);
        }
        return new IllegalStateException("while preparing " + name + ": " + error, error);
    }

    @Override
    public void close() {
        region.close();
    }
}
