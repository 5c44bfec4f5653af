package dev.taxon.data;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.mix.BatchAugments;
import dev.taxon.data.mix.SoftBatch;
import dev.taxon.device.InputSpec;
import dev.taxon.random.Philox;
import dev.taxon.random.Philox.Purpose;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Region;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Room for one batch, used again and again. */
final class Slot implements AutoCloseable {
    private final InputSpec spec;
    private final Region region; // (batch, C, H, W) or (batch, H, W, C)
    private final BatchWriter writer;
    private final @Nullable SoftBatch soft;
    private final int[] labels; // (batch)
    private final int[] indices; // (batch)

    Slot(InputSpec spec, BatchAugments augments, Dataset dataset) {
        this.spec = spec;
        this.soft = augments.soft() ? new SoftBatch(augments, spec, dataset.labels()) : null;
        this.region = Region.ofBytes(spec.byteSize());
        this.writer = new BatchWriter(spec);
        this.labels = new int[spec.batch()];
        this.indices = new int[spec.batch()];
    }

    /**
     * Prepares batch {@code number} of an epoch.
     *
     * @param order the epoch's order of examples
     * @param stop asked between samples; true leaves the batch unfinished
     */
    Batch fill(Dataset dataset, int[] order, long seed, int epoch, int number, BooleanSupplier stop) {
        int from = number * labels.length;
        int count = Math.min(labels.length, order.length - from);
        for (int i = 0; i < count && !stop.getAsBoolean(); i++) {
            int index = order[from + i];
            indices[i] = index;
            labels[i] = dataset.label(index);
            Rng rng = new Rng(seed, Philox.stream(Purpose.AUGMENT, epoch, index));
            try {
                writer.write(dataset.sample(index, rng), region.segment(), i);
            } catch (RuntimeException e) {
                throw named(dataset.sample(index).name(), e);
            }
        }
        float[] targets = null;
        if (soft != null && !stop.getAsBoolean()) {
            Rng rng = new Rng(seed, Philox.stream(Purpose.MIX, epoch, number));
            targets = soft.mix(region.segment(), indices, count, rng);
        }
        if (count == labels.length) {
            return new Batch(region.segment(), labels, targets, indices, count, number);
        }
        return new Batch(
                region.segment().asSlice(0, spec.byteSize() / labels.length * count),
                Arrays.copyOf(labels, count),
                targets,
                Arrays.copyOf(indices, count),
                count,
                number);
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
