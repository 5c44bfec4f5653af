package dev.taxon.data;

import java.lang.foreign.MemorySegment;

/**
 * Prepared examples. Borrowed from the loader: valid until the next batch is asked for, and not to be written.
 *
 * @param data float32 in the layout of the loader's InputSpec, {@code count} samples
 * @param labels {@code count} class indices
 * @param indices {@code count} numbers of the examples in the data set
 * @param count the batch size; less in a short last batch
 * @param number 0-based number of this batch in its epoch
 */
@SuppressWarnings("ArrayRecordComponent") // buffers that are used again, not compared
public record Batch(MemorySegment data, int[] labels, int[] indices, int count, int number) {}
