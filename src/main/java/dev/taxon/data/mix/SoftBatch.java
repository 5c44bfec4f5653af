package dev.taxon.data.mix;

import dev.taxon.data.dataset.Labels;
import dev.taxon.device.InputSpec;
import dev.taxon.random.Rng;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Mixes batches as {@link BatchAugments} says and holds their soft targets. For one thread at a time. */
public final class SoftBatch {
    private final BatchAugments augments;
    private final BatchMixer mixer;
    private final Labels labels;
    private final float[] targets; // (batch, classes)

    /** @param labels of the whole data set */
    public SoftBatch(BatchAugments augments, InputSpec spec, Labels labels) {
        this.augments = augments;
        this.labels = labels;
        this.mixer = new BatchMixer(spec);
        this.targets = new float[spec.batch() * augments.classes()];
    }

    /**
     * Mixes a batch in place.
     *
     * @param data {@code count} samples
     * @param indices their numbers in the data set, as many at least
     * @param rng the numbers of this batch
     * @return (count, classes): valid until the next call
     */
    public float[] mix(MemorySegment data, int[] indices, int count, Rng rng) {
        Plan plan = augments.draw(mixer.height(), mixer.width(), rng);
        int[] order = rng.permutation(count);
        mixer.apply(plan, order, data);
        float[] rows = count * augments.classes() == targets.length ? targets : new float[count * augments.classes()];
        targets(labels, indices, order, plan.lambda(), augments.classes(), rows);
        return rows;
    }

    /**
     * λ at a sample's own classes and 1 − λ at those of the sample which it takes in; to {@code rows} (order.length,
     * classes).
     */
    static void targets(Labels labels, int[] indices, int[] order, double lambda, int classes, float[] rows) {
        Arrays.fill(rows, 0);
        for (int n = 0; n < order.length; n++) {
            labels.addTo(rows, n * classes, indices[n], (float) lambda);
            labels.addTo(rows, n * classes, indices[order[n]], (float) (1 - lambda));
        }
    }
}
