/** Where weights come from: paths, addresses, and the names of model zoos. */
@NullMarked
package dev.taxon.checkpoint.hub;

import org.jspecify.annotations.NullMarked;
