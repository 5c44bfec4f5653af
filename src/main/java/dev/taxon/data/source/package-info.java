/** Where encoded images lie: in files of their own, or inside of archives. */
@NullMarked
package dev.taxon.data.source;

import org.jspecify.annotations.NullMarked;
