package dev.taxon.data;

/**
 * One epoch's samples, in the order in which batches take them.
 *
 * @param number 0-based
 * @param order (length) indices of examples; a buffer that is used again when the epoch is over
 * @param length samples
 * @param batches how many batches are made of them
 */
@SuppressWarnings("ArrayRecordComponent") // a buffer, not compared
record Epoch(int number, int[] order, int length, int batches) {}
