/** Python's pickle format, reduced to plain data: reading runs no code, writing needs no Python. */
@NullMarked
package dev.taxon.checkpoint.pickle;

import org.jspecify.annotations.NullMarked;
