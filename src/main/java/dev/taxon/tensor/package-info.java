@NullMarked
package dev.taxon.tensor;

import org.jspecify.annotations.NullMarked;
