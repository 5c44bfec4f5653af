@NullMarked
package dev.taxon.graph;

import org.jspecify.annotations.NullMarked;
