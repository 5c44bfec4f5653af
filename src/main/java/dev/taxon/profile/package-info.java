/** Where a step's time goes, kernel by kernel, beside what the machine could do. */
@NullMarked
package dev.taxon.profile;

import org.jspecify.annotations.NullMarked;
