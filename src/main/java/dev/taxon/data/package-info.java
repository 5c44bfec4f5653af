/** Batches on their way to a program: sampler, loader, batch, input of one image. */
@NullMarked
package dev.taxon.data;

import org.jspecify.annotations.NullMarked;
