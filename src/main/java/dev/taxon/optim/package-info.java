@NullMarked
package dev.taxon.optim;

import org.jspecify.annotations.NullMarked;
