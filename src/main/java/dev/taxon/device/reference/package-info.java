/**
 * The specification of every layer: plain loops in double over NCHW arrays. Other devices are tested against it, and it
 * is itself tested by finite differences and against PyTorch in float64.
 */
@NullMarked
package dev.taxon.device.reference;

import org.jspecify.annotations.NullMarked;
