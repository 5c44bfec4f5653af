/** Image transforms by their mmcls names, and pipelines of them. */
@NullMarked
package dev.taxon.data.transform;

import org.jspecify.annotations.NullMarked;
