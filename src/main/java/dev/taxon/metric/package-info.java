@NullMarked
package dev.taxon.metric;

import org.jspecify.annotations.NullMarked;
