@NullMarked
package dev.taxon.train;

import org.jspecify.annotations.NullMarked;
