/** The CPU device: oneDNN and our own kernels behind a flat C ABI, called by FFM. */
@NullMarked
package dev.taxon.device.cpu;

import org.jspecify.annotations.NullMarked;
