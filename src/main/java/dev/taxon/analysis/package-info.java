@NullMarked
package dev.taxon.analysis;

import org.jspecify.annotations.NullMarked;
