package dev.taxon.data;

import dev.taxon.data.dataset.Dataset;
import dev.taxon.device.InputSpec;
import dev.taxon.random.Rng;
import java.lang.foreign.MemorySegment;

/** What a thread that prepares samples keeps and uses for each of them. */
final class Worker implements AutoCloseable {
    private final Rng rng = new Rng(0, 0);
    private final BatchWriter writer;

    Worker(InputSpec spec) {
        writer = new BatchWriter(spec);
    }

    /**
     * Prepares one sample.
     *
     * @param batch gets it as number {@code place}
     * @param stream with {@code copy}: which numbers its transforms draw
     */
    void prepare(Dataset dataset, int index, long seed, long stream, int copy, MemorySegment batch, int place) {
        rng.restart(seed, stream, copy);
        writer.write(dataset.sample(index, rng), batch, place);
    }

    @Override
    public void close() {}
}
