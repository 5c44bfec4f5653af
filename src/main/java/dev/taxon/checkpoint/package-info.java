@NullMarked
package dev.taxon.checkpoint;

import org.jspecify.annotations.NullMarked;
