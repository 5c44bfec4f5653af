package dev.taxon.data;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Prepared examples. Borrowed from the loader: valid until the next batch is asked for, and not to be written.
 *
 * @param data float32 in the layout of the loader's InputSpec, {@code count} samples
 * @param labels {@code count} class indices; of the samples as they were before a batch augment
 * @param targets (count, classes) soft targets, where batch augments made them
 * @param indices {@code count} numbers of the examples in the data set
 * @param count the batch size; less in a short last batch
 * @param number 0-based number of this batch in its epoch
 */
@SuppressWarnings("ArrayRecordComponent") // buffers that are used again, not compared
public record Batch(
        MemorySegment data, int[] labels, float @Nullable [] targets, int[] indices, int count, int number) {}
