@NullMarked
package dev.taxon.random;

import org.jspecify.annotations.NullMarked;
