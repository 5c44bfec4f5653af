@NullMarked
package dev.taxon;

import org.jspecify.annotations.NullMarked;
