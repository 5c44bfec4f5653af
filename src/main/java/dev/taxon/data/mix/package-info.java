/** Augmentations of whole batches: images and labels of several samples become one. */
@NullMarked
package dev.taxon.data.mix;

import org.jspecify.annotations.NullMarked;
