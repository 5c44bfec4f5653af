package dev.taxon.data.mix;

import dev.taxon.device.InputSpec;
import dev.taxon.random.Rng;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Mixes batches as {@link BatchAugments} says and holds their soft targets. For one thread at a time. */
public final class SoftBatch {
    private final BatchAugments augments;
    private final BatchMixer mixer;
    private final float[] targets; // (batch, classes)

    public SoftBatch(BatchAugments augments, InputSpec spec) {
        this.augments = augments;
        this.mixer = new BatchMixer(spec);
        this.targets = new float[spec.batch() * augments.classes()];
    }

    /**
     * Mixes a batch in place.
     *
     * @param data {@code count} samples
     * @param labels their class indices, as many at least
     * @param rng the numbers of this batch
     * @return (count, classes): valid until the next call
     */
    public float[] mix(MemorySegment data, int[] labels, int count, Rng rng) {
        Plan plan = augments.draw(mixer.height(), mixer.width(), rng);
        int[] order = rng.permutation(count);
        mixer.apply(plan, order, data);
        float[] rows = count * augments.classes() == targets.length ? targets : new float[count * augments.classes()];
        targets(labels, order, plan.lambda(), augments.classes(), rows);
        return rows;
    }

    /** λ at a sample's own class and 1 − λ at that of the sample which it takes in; to {@code rows} (order.length, classes). */
    static void targets(int[] labels, int[] order, double lambda, int classes, float[] rows) {
        Arrays.fill(rows, 0);
        for (int n = 0; n < order.length; n++) {
            rows[n * classes + labels[n]] += (float) lambda;
            rows[n * classes + labels[order[n]]] += (float) (1 - lambda);
        }
    }
}
