package dev.taxon.analysis;

/**
 * What one node costs per sample.
 *
 * @param flops as mmcv's counter counts: a multiply-accumulate is one
 */
public record LayerCost(String name, String kind, String outputShape, long parameters, long flops) {}
