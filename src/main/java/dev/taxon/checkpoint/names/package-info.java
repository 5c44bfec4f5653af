/** The names that other libraries give the entries of a state dict, translated into mmcls's. */
@NullMarked
package dev.taxon.checkpoint.names;

import org.jspecify.annotations.NullMarked;
