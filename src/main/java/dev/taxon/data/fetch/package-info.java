/** Data sets that come from the network: several sources a file, resumable, verified by contents. */
@NullMarked
package dev.taxon.data.fetch;

import org.jspecify.annotations.NullMarked;
