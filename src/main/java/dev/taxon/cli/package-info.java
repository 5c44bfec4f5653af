@NullMarked
package dev.taxon.cli;

import org.jspecify.annotations.NullMarked;
